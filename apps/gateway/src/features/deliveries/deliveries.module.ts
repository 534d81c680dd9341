import { DeliveryLane } from '@app/database/entities/delivery-lane.entity.js';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Replay } from '@app/database/entities/replay.entity.js';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MediaModule } from '../media/media.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { AdminDeliveriesController, DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { BrokerChecksService } from './broker-checks.service.js';
import { DeliveryMetrics } from './delivery-metrics.service.js';
import { OutcomeNotices } from './outcome-notices.service.js';
import { DeliveryWatchService } from './delivery-watch.service.js';
import { DeliveryStore } from './delivery-store.service.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';
import { AdminArchiveController, ArchiveController } from './finished/archive.controller.js';
import { AdminDeadLettersController, DeadLettersController } from './finished/dead-letters.controller.js';
import { FinishedService } from './finished/finished.service.js';
import { ReplayRunner } from './replays/replay-runner.service.js';
import { AdminReplaysController, ReplaysController } from './replays/replays.controller.js';
import { ReplaysService } from './replays/replays.service.js';
import { WebhookBodiesService } from './formats/webhook-bodies.service.js';
import { RetryPolicy } from './retry-policy.js';
import { TransportsService } from './transports/transports.service.js';
import { WebhookTransport } from './transports/webhook.transport.js';

/** Events on their way to destinations. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Delivery, DeliveryLane, Replay]),
    DestinationsModule,
    MediaModule,
    MessagingModule,
    SessionsModule,
  ],
  controllers: [
    DeliveriesController,
    DeadLettersController,
    ArchiveController,
    ReplaysController,
    AdminDeliveriesController,
    AdminDeadLettersController,
    AdminArchiveController,
    AdminReplaysController,
  ],
  providers: [
    BrokerChecksService,
    DeliveriesService,
    DeliveryMetrics,
    DeliveryStore,
    DeliveryWatchService,
    OutcomeNotices,
    FinishedService,
    ReplaysService,
    ReplayRunner,
    DeliveryWorkerService,
    RetryPolicy,
    TransportsService,
    WebhookBodiesService,
    WebhookTransport,
  ],
  exports: [BrokerChecksService, DeliveriesService, DeliveryMetrics, DeliveryWatchService, DeliveryWorkerService],
})
export class DeliveriesModule {}
