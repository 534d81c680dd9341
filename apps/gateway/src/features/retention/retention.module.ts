import { JobsModule } from '@app/platform/jobs/jobs.module.js';
import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { RETENTION_QUEUE, RetentionJob } from './retention.job.js';
import { RetentionController } from './retention.controller.js';
import { RetentionRunsService } from './retention-runs.service.js';
import { RetentionService } from './retention.service.js';

/** Deletes what has been kept long enough. */
@Module({
  imports: [JobsModule, BullModule.registerQueue({ name: RETENTION_QUEUE })],
  controllers: [RetentionController],
  providers: [RetentionService, RetentionRunsService, RetentionJob],
})
export class RetentionModule {}
