import { eventually } from './eventually.js';
import type { EventBody, GatewaySession, GatewayTenant } from './gateway-process.js';
import { type Stack, useStack } from './use-stack.js';
import { WebhookReceiver } from './webhook-receiver.js';

interface Wishes {
  /** Environment of the gateway. */
  env?: Record<string, string>;
  /** Event types that the webhook is for; all if left out. */
  types?: string[];
  /** What happens on WhatsApp before the session is linked. */
  before?: (stack: Stack, phone: string) => Promise<void>;
}

/** A tenant with one linked session and a webhook, for all tests of a `describe`. */
export class LinkedSession {
  readonly stack: Stack;
  receiver: WebhookReceiver;
  tenant: GatewayTenant;
  session: GatewaySession;
  phone: string;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  /** The event, once the webhook and the log have it. */
  async heard(type: string, fits: (event: EventBody) => boolean): Promise<EventBody> {
    const { event } = await this.receiver.delivery(type, (found) => found.type === type && fits(found));
    await eventually(`${type} is in the log`, async () =>
      (await this.tenant.events(type)).some(({ id }) => id === event.id),
    );
    return event;
  }

  /** The same for what may be told only once. */
  async told(type: string, fits: (event: EventBody) => boolean): Promise<EventBody> {
    const { event } = await this.receiver.delivery(type, (found) => found.type === type && fits(found));
    // The log shows nothing that a running transaction might still come before.
    const logged = await eventually(`${type} is in the log`, async () => {
      const found = (await this.tenant.events(type)).filter(fits);
      return found.length > 0 && found.map(({ id }) => id);
    });
    expect(logged).toEqual([event.id]);
    expect(event.sessionId).toBe(this.session.id);
    return event;
  }
}

export function useSession({ env, types, before }: Wishes = {}): LinkedSession {
  const stack = useStack(env);
  const linked = new LinkedSession(stack);
  beforeAll(async () => {
    linked.receiver = await WebhookReceiver.start();
    linked.tenant = await stack.gateway.aTenant();
    await linked.tenant.api.ok('POST /v1/webhooks', { url: linked.receiver.url, types });
    linked.phone = stack.aPhone();
    await before?.(stack, linked.phone);
    linked.session = await linked.tenant.aPairedSession(linked.phone);
  });
  afterAll(() => linked.receiver.stop());
  return linked;
}
