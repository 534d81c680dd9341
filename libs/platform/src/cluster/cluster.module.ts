import { Global, Module } from '@nestjs/common';
import { ProcessPresence } from './process-presence.js';

/** Knows which processes of the installation are alive. */
@Global()
@Module({ providers: [ProcessPresence], exports: [ProcessPresence] })
export class ClusterModule {}
