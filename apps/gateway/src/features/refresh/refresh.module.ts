import { Module } from '@nestjs/common';
import { ChatsModule } from '../chats/chats.module.js';
import { GroupsModule } from '../groups/groups.module.js';
import { PrivacyModule } from '../privacy/privacy.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { RefreshController } from './refresh.controller.js';
import { RefreshService } from './refresh.service.js';

/** Connecting a session anew and reading again what may have been missed. */
@Module({
  imports: [SessionsModule, ChatsModule, GroupsModule, PrivacyModule],
  controllers: [RefreshController],
  providers: [RefreshService],
  exports: [RefreshService],
})
export class RefreshModule {}
