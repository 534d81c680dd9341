import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Carrier } from '../messages/plane.js';
import { child, contentBytes } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import { IqError } from '../world/refusal.js';
import type { Newsletter } from './newsletter.js';
import type { Newsletters } from './newsletters.js';
import type { NewsDesk } from './news-desk.js';
import type { Post } from './post.js';

const EDIT = '3';
const DELETE = '8';
/** Takes a reaction back. */
const UNDO = '7';

/** Something a client wants to do with a newsletter: which post it is about, and doing it. */
interface Plan {
  serverId: number;
  carryOut(): void;
}

/** Takes what clients send to newsletters: posts, edits and deletions of posts, reactions. */
export class NewsletterMessages implements Carrier {
  constructor(
    private readonly newsletters: Newsletters,
    private readonly desk: NewsDesk,
  ) {}

  reaches(to: string): boolean {
    return to.endsWith('@newsletter');
  }

  /** The ack tells the number the post has got. */
  admit(sender: Device, message: Stanza): Stanza['attrs'] {
    try {
      return { server_id: String(this.plan(sender, message).serverId) };
    } catch (error) {
      if (error instanceof IqError) return { error: String(error.code) };
      throw error;
    }
  }

  submit(sender: Device, message: Stanza): void {
    this.plan(sender, message).carryOut();
  }

  private plan(sender: Device, message: Stanza): Plan {
    const { to = '', type, edit } = message.attrs;
    const newsletter = this.newsletters.get(to);
    if (type === 'reaction') return this.reaction(newsletter, sender, message);
    newsletter.mustBeRunBy(sender.account);
    if (edit !== undefined) return this.change(newsletter, sender, message);
    const body = messageBytes(message);
    const draft = { id: message.attrs.id ?? '', type: type ?? 'text', body };
    const carryOut = () => void this.desk.publish(newsletter, sender.account, draft, sender);
    return { serverId: newsletter.nextServerId, carryOut };
  }

  private change(newsletter: Newsletter, sender: Device, message: Stanza): Plan {
    const { id = '', edit } = message.attrs;
    // The service knows no other changes of posts; what one-to-one chats use (1, 7) is malformed here.
    if (edit !== EDIT && edit !== DELETE) throw new IqError(479, 'smax-invalid');
    const post = newsletter.postWithId(id);
    const body = edit === EDIT ? messageBytes(message) : undefined;
    const carryOut = () =>
      body ? this.desk.edit(newsletter, post, body, sender) : this.desk.remove(newsletter, post, sender);
    return { serverId: post.serverId, carryOut };
  }

  private reaction(newsletter: Newsletter, { account }: Device, message: Stanza): Plan {
    newsletter.followerOf(account);
    const post: Post = newsletter.post(Number(message.attrs.server_id));
    const emoji = message.attrs.edit === UNDO ? undefined : child(message, 'reaction')?.attrs.code;
    if (emoji !== undefined) newsletter.mustAllow(emoji);
    return { serverId: post.serverId, carryOut: () => this.desk.react(newsletter, post, account, emoji) };
  }
}

/** The readable content of a post; what is not a message is refused as malformed. */
function messageBytes(message: Stanza): Buffer {
  const body = contentBytes(child(message, 'plaintext'));
  try {
    if (body.length > 0) proto.Message.decode(body);
  } catch {
    throw new IqError(479, 'smax-invalid');
  }
  if (body.length === 0) throw new IqError(479, 'smax-invalid');
  return body;
}
