import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GroupSync } from '@app/database/entities/group-sync.entity.js';
import { WaGroup } from '@app/database/entities/wa-group.entity.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { MediaModule } from '../media/media.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { GroupEventsService } from './group-events.service.js';
import { CommunitiesController } from './communities.controller.js';
import { CommunitiesService } from './communities.service.js';
import { GroupFindingsService } from './group-findings.service.js';
import { GroupInvitationsController } from './group-invitations.controller.js';
import { GroupInvitationsService } from './group-invitations.service.js';
import { GroupMembersController } from './group-members.controller.js';
import { GroupMembersService } from './group-members.service.js';
import { GroupOrdersService } from './group-orders.service.js';
import { GroupPicturesController } from './group-pictures.controller.js';
import { GroupPicturesService } from './group-pictures.service.js';
import { GroupPeopleService } from './group-people.service.js';
import { GroupStoreService } from './group-store.service.js';
import { GroupSyncService } from './group-sync.service.js';
import { GroupsController } from './groups.controller.js';
import { GroupsService } from './groups.service.js';

/** Groups and communities. */
@Module({
  imports: [
    TypeOrmModule.forFeature([WaGroup, GroupSync]),
    SessionsModule,
    MessagingModule,
    MediaModule,
    ContactsModule,
  ],
  controllers: [
    GroupInvitationsController,
    GroupsController,
    GroupMembersController,
    GroupPicturesController,
    CommunitiesController,
  ],
  providers: [
    GroupsService,
    GroupEventsService,
    GroupPeopleService,
    GroupStoreService,
    GroupFindingsService,
    GroupSyncService,
    GroupOrdersService,
    GroupMembersService,
    GroupInvitationsService,
    GroupPicturesService,
    CommunitiesService,
  ],
  exports: [
    CommunitiesService,
    GroupInvitationsService,
    GroupMembersService,
    GroupOrdersService,
    GroupPicturesService,
    GroupsService,
  ],
})
export class GroupsModule {}
