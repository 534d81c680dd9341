import type { Client } from '../network/client.js';
import type { Counters } from '../traffic/counters.js';
import { child, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Companion, Write } from '../world/companion.js';
import { IqError } from '../world/refusal.js';

type Content = Stanza[] | undefined | void;

/** Answers a query of a logged-in companion: the children of the result, nothing for an empty result. */
export type IqHandler = (from: Companion, body: Stanza, iq: Stanza) => Content | Promise<Content>;

/** Answers a query of a client that is not linked yet. */
export type UnlinkedIqHandler = (client: Client, body: Stanza) => Stanza[] | undefined | void;

/** Finds the handler of a query by type, namespace and first child; what nobody handles is answered with 501. */
export class IqRouter {
  private readonly handlers = new Map<string, IqHandler>();
  private readonly unlinked = new Map<string, UnlinkedIqHandler>();

  constructor(
    private readonly write: Write,
    private readonly counters: Counters,
  ) {}

  /** `route` reads `get encrypt count`: type, namespace, tag of the first child. */
  on(route: string, handler: IqHandler): void {
    this.handlers.set(route, handler);
  }

  onUnlinked(route: string, handler: UnlinkedIqHandler): void {
    this.unlinked.set(route, handler);
  }

  handle(client: Client, iq: Stanza): void {
    const body = child(iq) ?? stanza('none');
    const type = iq.attrs.type ?? 'get';
    const route = `${type} ${iq.attrs.xmlns ?? ''} ${body.tag}`;
    try {
      const content = this.dispatch(client, route, body, iq);
      if (!(content instanceof Promise)) return this.answer(client, iq, content);
      const answered = content.then((later) => this.answer(client, iq, later));
      void answered.catch((error: unknown) => this.fail(client, iq, route, error)).catch(() => this.counters.error());
    } catch (error) {
      this.fail(client, iq, route, error);
    }
  }

  private answer(client: Client, iq: Stanza, content: Content): void {
    this.write(client.connection, stanza('iq', { ...replyTo(iq), type: 'result' }, content || undefined));
  }

  private fail(client: Client, iq: Stanza, route: string, error: unknown): void {
    if (!(error instanceof IqError)) {
      this.refuse(client, iq, 500, 'internal-server-error');
      throw error;
    }
    if (error.code === 501) this.counters.unknown(`iq ${route}`);
    this.refuse(client, iq, error.code, error.message);
  }

  refuse(client: Client, iq: Stanza, code: number, text: string): void {
    const attrs = { ...replyTo(iq), type: 'error' };
    this.write(client.connection, stanza('iq', attrs, [stanza('error', { code, text })]));
  }

  private dispatch(client: Client, route: string, body: Stanza, iq: Stanza) {
    const handler = this.handlers.get(route);
    if (client.companion && handler) return handler(client.companion, body, iq);
    const unlinked = this.unlinked.get(route);
    if (!client.companion && unlinked) return unlinked(client, body);
    if (handler ?? unlinked) throw new IqError(401, 'not-authorized');
    throw new IqError(501, 'feature-not-implemented');
  }
}

function replyTo({ attrs }: Stanza): { from: string | undefined; id: string | undefined } {
  return { from: attrs.to, id: attrs.id };
}
