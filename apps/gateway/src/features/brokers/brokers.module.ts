import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { DestinationsModule } from '../destinations/destinations.module.js';
import { AdminBrokersController } from './admin-brokers.controller.js';
import { BrokersController } from './brokers.controller.js';
import { BrokersService } from './brokers.service.js';

/** Brokers that tenants and the operator want events published to. */
@Module({
  imports: [DeliveriesModule, DestinationsModule],
  controllers: [BrokersController, AdminBrokersController],
  providers: [BrokersService],
  exports: [BrokersService],
})
export class BrokersModule {}
