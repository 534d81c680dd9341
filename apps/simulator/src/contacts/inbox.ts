import { GROUP_SERVER } from '../groups/group.js';
import type { Groups } from '../groups/groups.js';
import { STATUS } from '../messages/shared-chat.js';
import { familyOf, parseJid } from '../wire/jid.js';
import { children, contentBytes } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Directory } from '../world/directory.js';
import type { Destination, Letter } from './letter.js';
import { signalAddress } from './outbox.js';
import { kindOf, open } from './plaintext.js';
import type { SenderKeys } from './sender-keys.js';
import type { SignalEngine } from './signal-engine.js';

/** What became of a message. */
export type Opening = { letter: Letter } | { failure: unknown };

/** The keys a message may need. */
interface Keys {
  engine: SignalEngine;
  senderKeys: SenderKeys;
}

/** Opens what arrives: decrypts every ciphertext of a message and finds out which chat it belongs to. */
export class Inbox {
  constructor(
    private readonly directory: Directory,
    private readonly groups: Groups,
    private readonly keys: Keys,
  ) {}

  /** A group message may bring the key to itself along; what only brings a key is no letter. */
  async open(node: Stanza): Promise<Opening[]> {
    const openings: Opening[] = [];
    for (const enc of children(node, 'enc')) {
      const opening = await this.decrypt(node, enc);
      if (opening) openings.push(opening);
    }
    const letters = openings.filter((opening) => 'letter' in opening);
    return letters.length > 0 ? letters : openings.slice(0, 1);
  }

  private async decrypt(node: Stanza, enc: Stanza): Promise<Opening | undefined> {
    const { from = '', participant: author = from, id = '' } = node.attrs;
    const sender = this.directory.findByJid(author);
    if (!sender) return { failure: new Error(`unknown sender ${author}`) };
    const address = signalAddress(sender, parseJid(author)?.device ?? 0);
    try {
      const { message, chat } = open(await this.plaintext(from, address, enc));
      const { senderKeyDistributionMessage } = message;
      if (senderKeyDistributionMessage) {
        await this.keys.senderKeys.accept(address, senderKeyDistributionMessage);
        if (kindOf(message) === 'empty') return undefined;
      }
      return { letter: { id, from: sender, chat: this.chatOf(from, chat, sender), message, stanza: node } };
    } catch (failure) {
      return { failure };
    }
  }

  private plaintext(chat: string, address: string, enc: Stanza): Promise<Buffer> {
    const { type = 'msg' } = enc.attrs;
    const { engine, senderKeys } = this.keys;
    if (type === 'skmsg') return senderKeys.decrypt(chat, address, contentBytes(enc));
    return engine.decrypt(address, type, contentBytes(enc));
  }

  private chatOf(from: string, recipient: string | undefined, sender: Account): Destination {
    if (from === STATUS) return { kind: 'status', viewers: [] };
    if (from.endsWith(`@${GROUP_SERVER}`)) {
      const group = this.groups.find(from);
      if (!group) throw new Error(`unknown group ${from}`);
      return { kind: 'group', group };
    }
    return { kind: 'person', account: this.directory.findByJid(recipient) ?? sender, family: familyOf(from) ?? 'pn' };
  }
}
