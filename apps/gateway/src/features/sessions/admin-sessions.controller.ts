import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { AnySessionDto, ListAllSessionsQuery } from './admin-sessions.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('Admin')
@Access('admin')
@Controller('admin/sessions')
export class AdminSessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @Endpoint({
    summary: 'List the sessions of all tenants, and how they are connected',
    returns: AnySessionDto,
    list: true,
  })
  async list(@Query() query: ListAllSessionsQuery) {
    return mapPage(await this.sessions.listAll(query), AnySessionDto.from);
  }
}
