import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, type Repository } from 'typeorm';
import { AuditEntry } from '@app/database/entities/audit-entry.entity.js';
import { decodeCursor, toPage, type Page } from '@app/platform/http/page.js';

/** Reads the audit log; it is written by `AuditLog` of the platform, in the transactions of the changes. */
@Injectable()
export class AuditService {
  constructor(@InjectRepository(AuditEntry) private readonly entries: Repository<AuditEntry>) {}

  async list(query: { tenantId?: string; limit: number; cursor?: string }): Promise<Page<AuditEntry>> {
    const { tenantId, limit, cursor } = query;
    const [before] = decodeCursor(cursor) ?? [];
    const rows = await this.entries.find({
      where: { ...(tenantId ? { tenantId } : {}), ...(before ? { id: LessThan(before) } : {}) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, ({ id }) => id);
  }
}
