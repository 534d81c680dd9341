import { AuthModule } from '@app/platform/auth/auth.module.js';
import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { MonitoringController } from './monitoring.controller.js';
import { MonitoringService } from './monitoring.service.js';
import { MonitoringTokensService } from './monitoring-tokens.service.js';

/** What operators watch. */
@Module({
  imports: [AuthModule, DeliveriesModule],
  controllers: [MonitoringController],
  providers: [MonitoringService, MonitoringTokensService],
})
export class MonitoringModule {}
