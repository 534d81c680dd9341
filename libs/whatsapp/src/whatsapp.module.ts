import { Module } from '@nestjs/common';
import { StateWriter } from './auth/state-writer.js';
import { WaConnections } from './connections.js';
import { WaHistory } from './history/wa-history.js';
import { WaProxies } from './proxy/wa-proxies.js';
import { WaFiles } from './media/wa-files.js';
import { WaPictures } from './media/wa-pictures.js';
import { WaNetwork } from './network.js';
import { silenceLibsignal } from './runtime/quiet-libsignal.js';
import { verifySignatures } from './runtime/verify-signatures.js';
import { SessionStates } from './session-state.js';

silenceLibsignal();
verifySignatures();

/** Everything that knows Baileys. */
@Module({
  providers: [StateWriter, SessionStates, WaNetwork, WaFiles, WaPictures, WaHistory, WaProxies, WaConnections],
  exports: [WaConnections, WaProxies, WaFiles, WaPictures, WaHistory],
})
export class WhatsappModule {}
