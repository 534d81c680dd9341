import { JobsModule } from '@app/platform/jobs/jobs.module.js';
import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { RETENTION_QUEUE, RetentionJob } from './retention.job.js';
import { RetentionService } from './retention.service.js';

/** Deletes what has been kept long enough. */
@Module({
  imports: [JobsModule, BullModule.registerQueue({ name: RETENTION_QUEUE })],
  providers: [RetentionService, RetentionJob],
})
export class RetentionModule {}
