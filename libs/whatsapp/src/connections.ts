import { Injectable } from '@nestjs/common';
import type { Fence } from './auth/state-writer.js';
import type { ConnectionOptions } from './connection-options.js';
import { type ConnectionListener, WaConnection } from './connection.js';
import { WaNetwork } from './network.js';
import { type SessionState, SessionStates } from './session-state.js';

/** Opens WhatsApp connections. */
@Injectable()
export class WaConnections {
  constructor(
    private readonly states: SessionStates,
    private readonly network: WaNetwork,
  ) {}

  loadState(fence: Fence, onFailure: (error: unknown) => void): Promise<SessionState> {
    return this.states.load(fence, onFailure);
  }

  open(state: SessionState, listener: ConnectionListener, options: ConnectionOptions): WaConnection {
    return new WaConnection(state, listener, this.network, options);
  }
}
