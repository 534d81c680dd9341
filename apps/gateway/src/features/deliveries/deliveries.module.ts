import { DeliveryLane } from '@app/database/entities/delivery-lane.entity.js';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryStore } from './delivery-store.service.js';
import { DeliveryWorkerService } from './delivery-worker.service.js';
import { RetryPolicy } from './retry-policy.js';
import { WebhookTransport } from './webhook.transport.js';

/** Events on their way to webhooks. */
@Module({
  imports: [TypeOrmModule.forFeature([Delivery, DeliveryLane]), WebhooksModule],
  controllers: [DeliveriesController],
  providers: [DeliveriesService, DeliveryStore, DeliveryWorkerService, RetryPolicy, WebhookTransport],
  exports: [DeliveriesService, DeliveryWorkerService],
})
export class DeliveriesModule {}
