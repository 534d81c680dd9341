import { DeliveryLane } from '@app/database/entities/delivery-lane.entity.js';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryStore } from './delivery-store.service.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';
import { RetryPolicy } from './retry-policy.js';
import { TransportsService } from './transports/transports.service.js';
import { WebhookTransport } from './transports/webhook.transport.js';

/** Events on their way to destinations. */
@Module({
  imports: [TypeOrmModule.forFeature([Delivery, DeliveryLane]), DestinationsModule],
  controllers: [DeliveriesController],
  providers: [
    DeliveriesService,
    DeliveryStore,
    DeliveryWorkerService,
    RetryPolicy,
    TransportsService,
    WebhookTransport,
  ],
  exports: [DeliveriesService, DeliveryWorkerService],
})
export class DeliveriesModule {}
