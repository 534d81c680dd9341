import { Module, type DynamicModule } from '@nestjs/common';
import { DatabaseModule } from '@app/database/database.module.js';
import { AuthModule } from '@app/platform/auth/auth.module.js';
import { ClusterModule } from '@app/platform/cluster/cluster.module.js';
import { ConfigError, type Config } from '@app/platform/config/config.js';
import { PlatformModule } from '@app/platform/platform.module.js';
import { AccountModule } from './features/account/account.module.js';
import { AdminModule } from './features/admin/admin.module.js';
import { CallsModule } from './features/calls/calls.module.js';
import { BrokersModule } from './features/brokers/brokers.module.js';
import { ChatsModule } from './features/chats/chats.module.js';
import { ContactsModule } from './features/contacts/contacts.module.js';
import { DeliveriesModule } from './features/deliveries/deliveries.module.js';
import { EventsModule } from './features/events/events.module.js';
import { GroupsModule } from './features/groups/groups.module.js';
import { HealthModule } from './features/health/health.module.js';
import { LabelsModule } from './features/labels/labels.module.js';
import { MediaModule } from './features/media/media.module.js';
import { MessageActionsModule } from './features/messaging/actions/message-actions.module.js';
import { MessagingModule } from './features/messaging/messaging.module.js';
import { StatusesModule } from './features/messaging/statuses/statuses.module.js';
import { NewslettersModule } from './features/newsletters/newsletters.module.js';
import { MonitoringModule } from './features/monitoring/monitoring.module.js';
import { PresenceModule } from './features/presence/presence.module.js';
import { PrivacyModule } from './features/privacy/privacy.module.js';
import { ProfileModule } from './features/profile/profile.module.js';
import { RefreshModule } from './features/refresh/refresh.module.js';
import { RetentionModule } from './features/retention/retention.module.js';
import { SessionsModule } from './features/sessions/sessions.module.js';
import { WebhooksModule } from './features/webhooks/webhooks.module.js';

const features = [
  AccountModule,
  AdminModule,
  CallsModule,
  BrokersModule,
  ChatsModule,
  ContactsModule,
  DeliveriesModule,
  EventsModule,
  GroupsModule,
  HealthModule,
  LabelsModule,
  MediaModule,
  MessageActionsModule,
  MessagingModule,
  NewslettersModule,
  MonitoringModule,
  PresenceModule,
  PrivacyModule,
  ProfileModule,
  RefreshModule,
  RetentionModule,
  SessionsModule,
  StatusesModule,
  WebhooksModule,
];

@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    if (!config.databaseUrl) throw new ConfigError('DATABASE_URL must be set, or an embedded PostgreSQL started first');
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(config),
        DatabaseModule.forRoot({ url: config.databaseUrl, poolSize: config.databasePoolSize }),
        AuthModule,
        ClusterModule,
        ...features,
      ],
    };
  }
}
