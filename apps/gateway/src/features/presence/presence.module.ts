import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { PresenceController } from './presence.controller.js';
import { PresenceService } from './presence.service.js';

/** Whether the linked account is shown as online. */
@Module({ imports: [SessionsModule], controllers: [PresenceController], providers: [PresenceService] })
export class PresenceModule {}
