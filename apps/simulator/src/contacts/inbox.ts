import { familyOf, parseJid } from '../wire/jid.js';
import { children, contentBytes } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Directory } from '../world/directory.js';
import type { Destination, Letter } from './letter.js';
import { signalAddress } from './outbox.js';
import { open } from './plaintext.js';
import type { SignalEngine } from './signal-engine.js';

/** What became of one ciphertext of a message. */
export type Opening = { letter: Letter } | { failure: unknown };

/** Opens what arrives: decrypts every ciphertext of a message and finds out which chat it belongs to. */
export class Inbox {
  constructor(
    private readonly directory: Directory,
    private readonly engine: SignalEngine,
  ) {}

  async open(node: Stanza): Promise<Opening[]> {
    const openings: Opening[] = [];
    for (const enc of children(node, 'enc')) openings.push(await this.decrypt(node, enc));
    return openings;
  }

  private async decrypt(node: Stanza, enc: Stanza): Promise<Opening> {
    const { from = '', id = '' } = node.attrs;
    const sender = this.directory.findByJid(from);
    if (!sender) return { failure: new Error(`unknown sender ${from}`) };
    const address = signalAddress(sender, parseJid(from)?.device ?? 0);
    try {
      const plain = await this.engine.decrypt(address, enc.attrs.type ?? 'msg', contentBytes(enc));
      const { message, chat } = open(plain);
      const destination: Destination = {
        kind: 'person',
        account: this.directory.findByJid(chat) ?? sender,
        family: familyOf(from) ?? 'pn',
      };
      return { letter: { id, from: sender, chat: destination, message, stanza: node } };
    } catch (failure) {
      return { failure };
    }
  }
}
