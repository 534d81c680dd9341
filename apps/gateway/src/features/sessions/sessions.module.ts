import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InboundJournal } from '@app/database/entities/inbound-journal.entity.js';
import { SessionCommand } from '@app/database/entities/session-command.entity.js';
import { SessionCredentials } from '@app/database/entities/session-credentials.entity.js';
import { SessionLease } from '@app/database/entities/session-lease.entity.js';
import { SessionGrant } from '@app/database/entities/session-grant.entity.js';
import { Session } from '@app/database/entities/session.entity.js';
import { SignalKey } from '@app/database/entities/signal-key.entity.js';
import { WhatsappModule } from '@app/whatsapp/whatsapp.module.js';
import { AccountModule } from '../account/account.module.js';
import { AdminSessionsController } from './admin-sessions.controller.js';
import { SessionAccessController } from './session-access.controller.js';
import { SessionAccessService } from './session-access.service.js';
import { SessionCommandsService } from './session-commands.service.js';
import { SessionLeasesService } from './session-leases.service.js';
import { SessionProxyController } from './session-proxy.controller.js';
import { SessionProxyService } from './session-proxy.service.js';
import { SessionRunnersService } from './session-runners.service.js';
import { SessionSettingsController } from './session-settings.controller.js';
import { SessionSettingsService } from './session-settings.service.js';
import { SessionStatusesService } from './session-statuses.service.js';
import { SessionSupervisorService } from './session-supervisor.service.js';
import { SessionTrafficService } from './session-traffic.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

/** Linked WhatsApp accounts: their life, their leases, their connections. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      Session,
      SessionGrant,
      SessionLease,
      SessionCommand,
      SessionCredentials,
      SignalKey,
      InboundJournal,
    ]),
    AccountModule,
    WhatsappModule,
  ],
  controllers: [
    SessionsController,
    SessionAccessController,
    AdminSessionsController,
    SessionProxyController,
    SessionSettingsController,
  ],
  providers: [
    SessionsService,
    SessionAccessService,
    SessionCommandsService,
    SessionLeasesService,
    SessionProxyService,
    SessionRunnersService,
    SessionSettingsService,
    SessionStatusesService,
    SessionSupervisorService,
    SessionTrafficService,
  ],
  exports: [
    SessionsService,
    SessionCommandsService,
    SessionProxyService,
    SessionSettingsService,
    SessionTrafficService,
  ],
})
export class SessionsModule {}
