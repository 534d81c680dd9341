import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountLimits } from '@app/database/entities/account-limits.entity.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { LimitsService } from './limits.service.js';

/** What WhatsApp holds accounts back from. */
@Module({
  imports: [TypeOrmModule.forFeature([AccountLimits]), SessionsModule],
  providers: [LimitsService],
  exports: [LimitsService],
})
export class LimitsModule {}
