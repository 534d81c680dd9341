import { Destination } from '@app/database/entities/destination.entity.js';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DestinationsService } from './destinations.service.js';
import { TargetsService } from './targets.service.js';

/** Where tenants and the operator want events sent. */
@Module({
  imports: [TypeOrmModule.forFeature([Destination]), SessionsModule],
  providers: [DestinationsService, TargetsService],
  exports: [DestinationsService, TargetsService],
})
export class DestinationsModule {}
