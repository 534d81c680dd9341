import { Destination } from '@app/database/entities/destination.entity.js';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionsModule } from '../sessions/sessions.module.js';
import { WebhookTargetsService } from './webhook-targets.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Where tenants want their events sent. */
@Module({
  imports: [TypeOrmModule.forFeature([Destination]), SessionsModule],
  controllers: [WebhooksController],
  providers: [WebhooksService, WebhookTargetsService],
  exports: [WebhooksService, WebhookTargetsService],
})
export class WebhooksModule {}
