import type { Carrier } from '../messages/plane.js';
import { child, children } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';
import { IqError } from '../world/refusal.js';
import type { NewsDesk } from './news-desk.js';
import type { Newsletters } from './newsletters.js';

/** Takes the views clients report: a receipt of type `view` that lists the numbers of posts. */
export class NewsletterReceipts implements Carrier {
  constructor(
    private readonly newsletters: Newsletters,
    private readonly desk: NewsDesk,
  ) {}

  reaches(to: string): boolean {
    return to.endsWith('@newsletter');
  }

  admit(_sender: Device, { attrs }: Stanza): Stanza['attrs'] | undefined {
    if (attrs.type !== 'view') return { error: '501' };
    try {
      this.newsletters.get(attrs.to ?? '');
      return undefined;
    } catch (error) {
      if (error instanceof IqError) return { error: String(error.code) };
      throw error;
    }
  }

  submit({ account }: Device, receipt: Stanza): void {
    const newsletter = this.newsletters.get(receipt.attrs.to ?? '');
    const seen = new Set(children(child(receipt, 'list'), 'item').map(({ attrs }) => Number(attrs.server_id)));
    for (const post of newsletter.posts) if (seen.has(post.serverId)) this.desk.view(newsletter, post, account);
  }
}
