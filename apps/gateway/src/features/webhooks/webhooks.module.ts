import { Module } from '@nestjs/common';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { AdminWebhooksController } from './admin-webhooks.controller.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Where tenants and the operator want events posted. */
@Module({
  imports: [DestinationsModule],
  controllers: [WebhooksController, AdminWebhooksController],
  providers: [WebhooksService],
  exports: [WebhooksService],
})
export class WebhooksModule {}
