import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Pairing } from '../pairing/pairing.js';
import { stanza } from '../wire/stanza.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { Client } from './client.js';

/** Decides who comes in: a new client to be linked, a known companion, or nobody. */
export class Gate {
  constructor(
    private readonly core: Core,
    private readonly pairing: Pairing,
    private readonly activate: (companion: Companion) => void,
  ) {}

  admit(client: Client, payload: proto.ClientPayload, staticKey: Buffer): void {
    if (!payload.username) {
      if (!this.pairing.offer(client, payload, staticKey)) this.refuse(client, 400);
      return;
    }
    const account = this.core.directory.find(String(payload.username));
    if (account?.refusal) {
      const { reason, expireSeconds } = account.refusal;
      if (--account.refusal.times <= 0) account.refusal = undefined;
      return this.refuse(client, reason, expireSeconds);
    }
    const companion = account?.devices.get(payload.device ?? 0);
    if (!(companion instanceof Companion) || !companion.noiseKey.equals(staticKey)) return this.refuse(client, 401);
    this.welcome(client, companion);
    // A passive client says itself when it is ready for what waited.
    if (!payload.passive) this.activate(companion);
  }

  private welcome(client: Client, companion: Companion): void {
    if (companion.connection) {
      const conflict = stanza('conflict', { type: 'replaced' });
      this.core.write(companion.connection, stanza('stream:error', {}, [conflict]));
      companion.connection.close();
      companion.detach(companion.connection);
    }
    client.companion = companion;
    companion.attach(client.connection);
    const { account, id } = companion;
    const t = this.core.clock.seconds();
    this.core.write(
      client.connection,
      stanza('success', { t, lid: account.jid('lid', id), display_name: account.name }),
    );
  }

  private refuse(client: Client, reason: number, expire?: number): void {
    this.core.write(client.connection, stanza('failure', { reason, location: 'sim', expire }));
    client.connection.close();
  }
}
