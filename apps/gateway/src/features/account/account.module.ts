import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiToken } from '@app/database/entities/api-token.entity.js';
import { Tenant } from '@app/database/entities/tenant.entity.js';
import { User } from '@app/database/entities/user.entity.js';
import { AccountController } from './account.controller.js';
import { RetentionSettingsController } from './retention-settings.controller.js';
import { RetentionSettingsService } from './retention-settings.service.js';
import { TenantsService } from './tenants.service.js';
import { TokensService } from './tokens.service.js';
import { UsersService } from './users.service.js';

/** Tenants, their users and the users' tokens. */
@Module({
  imports: [TypeOrmModule.forFeature([Tenant, User, ApiToken])],
  controllers: [AccountController, RetentionSettingsController],
  providers: [RetentionSettingsService, TenantsService, UsersService, TokensService],
  exports: [TenantsService, UsersService, TokensService],
})
export class AccountModule {}
