import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { AuditEntryDto, ListAuditQuery } from './admin.dto.js';
import { AuditService } from './audit.service.js';

@ApiTags('Admin')
@Access('admin')
@Controller('admin/audit')
export class AdminAuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Endpoint({
    summary: 'List who changed what, newest first',
    returns: AuditEntryDto,
    list: true,
  })
  async list(@Query() query: ListAuditQuery) {
    return mapPage(await this.audit.list(query), AuditEntryDto.from);
  }
}
