import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditEntry } from '@app/database/entities/audit-entry.entity.js';
import { AccountModule } from '../account/account.module.js';
import { AdminAuditController } from './admin-audit.controller.js';
import { AdminTenantsController } from './admin-tenants.controller.js';
import { AdminUsersController } from './admin-users.controller.js';
import { AuditService } from './audit.service.js';

/** The operator's API. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntry]), AccountModule],
  controllers: [AdminTenantsController, AdminUsersController, AdminAuditController],
  providers: [AuditService],
})
export class AdminModule {}
