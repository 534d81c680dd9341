import { BullModule } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Config } from '../config/config.js';
import { JobConnection } from './job-connection.js';
import { JobLifecycle } from './job-lifecycle.js';

@Module({
  providers: [{ provide: JobConnection, useFactory: (config: Config) => JobConnection.open(config), inject: [Config] }],
  exports: [JobConnection],
})
class JobConnectionModule {}

/** Work with time or progress. Features add `BullModule.registerQueue` and a `@Processor`; see `JobLifecycle`. */
@Module({
  imports: [
    DiscoveryModule,
    BullModule.forRootAsync({
      imports: [JobConnectionModule],
      inject: [JobConnection],
      useFactory: ({ options }: JobConnection) => ({ connection: options }),
    }),
  ],
  providers: [JobLifecycle],
  exports: [JobLifecycle],
})
export class JobsModule {}
