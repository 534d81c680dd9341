import { Boom } from '@hapi/boom';
import { type BinaryNode, getBinaryNodeChild, S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';
import { type NewsletterPost, readPosts } from '../map/newsletter-post.js';
import { askNewsletter } from './newsletter-failure.js';

/** Which posts to read; numbers are those of posts in their newsletter. */
export interface PostPage {
  limit: number;
  before?: string;
}

/** Which posts to read that are new or were changed: edited, deleted, seen, reacted to. */
export interface PostUpdates {
  limit: number;
  after?: string;
  /** Unix time in seconds. */
  since?: number;
}

/** Takes a reaction back. */
const UNDO = '7';

/** Used when WhatsApp does not say how long it tells of views and reactions. */
const LIVE_SECONDS = 300;

/** What can be done with the posts of newsletters over one connection. */
export class NewsletterPostsApi {
  constructor(private readonly socket: WASocket) {}

  /** The latest posts, or the latest before one, oldest first. Not confirmed on the production network. */
  async page(newsletterId: string, { limit, before }: PostPage): Promise<NewsletterPost[]> {
    const attrs = { type: 'jid', jid: newsletterId, count: String(limit), ...(before !== undefined && { before }) };
    const answer = await this.query(newsletterId, S_WHATSAPP_NET, 'get', { tag: 'messages', attrs });
    return readPosts(answer, 'messages');
  }

  /** Oldest first: those that follow `after`, or else the latest. */
  async updates(newsletterId: string, { limit, after, since }: PostUpdates): Promise<NewsletterPost[]> {
    const span = { ...(since !== undefined && { since: String(since) }), ...(after !== undefined && { after }) };
    const body = { tag: 'message_updates', attrs: { count: String(limit), ...span } };
    return readPosts(await this.query(newsletterId, newsletterId, 'get', body), 'message_updates');
  }

  /** Null takes the reaction back. */
  async react(newsletterId: string, serverId: string, emoji: string | null): Promise<void> {
    const attrs = { type: 'reaction', server_id: serverId, ...(emoji === null && { edit: UNDO }) };
    const reaction: BinaryNode = { tag: 'reaction', attrs: emoji === null ? {} : { code: emoji } };
    const may = 'Only who follows the newsletter reacts to its posts, with what it allows.';
    await this.tell(newsletterId, { tag: 'message', attrs, content: [reaction] }, may);
  }

  /** Counts this account among those who have seen the posts. Not confirmed on the production network. */
  async markViewed(newsletterId: string, serverIds: string[]): Promise<void> {
    const items = serverIds.map((serverId) => ({ tag: 'item', attrs: { server_id: serverId } }));
    await this.tell(newsletterId, {
      tag: 'receipt',
      attrs: { type: 'view' },
      content: [{ tag: 'list', attrs: {}, content: items }],
    });
  }

  /** Asks to be told of views and reactions; answers for how many seconds. */
  async watch(newsletterId: string): Promise<number> {
    const body = { tag: 'live_updates', attrs: {}, content: [] };
    const answer = await this.query(newsletterId, newsletterId, 'set', body);
    return Number(getBinaryNodeChild(answer, 'live_updates')?.attrs.duration) || LIVE_SECONDS;
  }

  private query(newsletterId: string, to: string, type: 'get' | 'set', body: BinaryNode): Promise<BinaryNode> {
    const iq = { tag: 'iq', attrs: { to, type, xmlns: 'newsletter' }, content: [body] };
    return askNewsletter(this.socket.query(iq) as Promise<BinaryNode | undefined>, { of: newsletterId });
  }

  /** Sends a stanza that is answered by an ack, which may bring an error. */
  private async tell(newsletterId: string, { tag, attrs, content }: BinaryNode, may?: string): Promise<void> {
    const stanza = { tag, attrs: { ...attrs, to: newsletterId }, content };
    const acked = (this.socket.query(stanza) as Promise<BinaryNode | undefined>).then((ack) => {
      if (ack?.attrs.error) throw new Boom('refused', { data: Number(ack.attrs.error) });
      return ack;
    });
    await askNewsletter(acked, { of: newsletterId, may });
  }
}
