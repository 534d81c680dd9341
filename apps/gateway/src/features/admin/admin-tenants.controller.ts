import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { TenantsService } from '../account/tenants.service.js';
import { CreatedTenantDto, CreateTenantDto, TenantDto, UpdateTenantDto } from './admin.dto.js';

@ApiTags('Admin')
@Access('admin')
@Controller('admin/tenants')
export class AdminTenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Post()
  @Endpoint({
    summary: 'Create a tenant',
    description: 'With its owner and the first token of the owner, which is never shown again.',
    returns: CreatedTenantDto,
    status: 201,
  })
  async create(@Body() { name }: CreateTenantDto) {
    return CreatedTenantDto.from(await this.tenants.create(name));
  }

  @Get()
  @Endpoint({ summary: 'List tenants', returns: TenantDto, list: true })
  async list(@Query() query: PageQuery) {
    return mapPage(await this.tenants.list(query), TenantDto.from);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a tenant', returns: TenantDto, fails: ['tenant.not-found'] })
  async get(@Param('id') id: string) {
    return TenantDto.from(await this.tenants.get(id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Rename, suspend or resume a tenant, or set its quota of messages',
    returns: TenantDto,
    fails: ['tenant.not-found'],
  })
  async update(@Param('id') id: string, @Body() input: UpdateTenantDto) {
    return TenantDto.from(await this.tenants.update(id, input));
  }

  @Delete(':id')
  @Endpoint({ summary: 'Remove a tenant with all its data', returns: null, fails: ['tenant.not-found'] })
  async remove(@Param('id') id: string) {
    await this.tenants.remove(id);
  }
}
