import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';
import { WebhookReceiver } from '@app/testing/webhook-receiver.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';

describe('20 sessions of two tenants in one process', () => {
  const stack = useStack();

  it('exchange messages, and neither tenant sees anything of the other', async () => {
    const tenants = await Promise.all(['Acme', 'Bolt'].map((name) => stack.gateway.aTenant(name)));
    const receivers = await Promise.all(tenants.map(() => WebhookReceiver.start()));
    await Promise.all(tenants.map(({ api }, i) => api.ok('POST /v1/webhooks', { url: receivers[i]!.url })));
    const lines = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const phone = stack.aPhone();
        return { phone, session: await tenants[index % 2]!.aPairedSession(phone) };
      }),
    );
    // Each writes to the next one, so every message crosses from one tenant to the other.
    await Promise.all(
      lines.map(({ session }, index) => session.send(lines[(index + 1) % 20]!.phone, `to line ${(index + 1) % 20}`)),
    );
    for (const [index, tenant] of tenants.entries()) {
      const own = lines.filter((_, line) => line % 2 === index);
      await arrives(tenant, own, lines);
      await eventually('all webhooks came', () => {
        const received = receivers[index]!.received.filter(({ event }) => event.type === 'message.received');
        return received.length === own.length;
      });
      expect(new Set(receivers[index]!.received.map(({ event }) => event.tenantId))).toEqual(new Set([tenant.id]));
      await seesNothingOf(tenant, lines.find((_, line) => line % 2 !== index)!.session);
    }
    await Promise.all(receivers.map((receiver) => receiver.stop()));
  });
});

async function arrives(
  tenant: GatewayTenant,
  own: { session: GatewaySession }[],
  lines: { session: GatewaySession }[],
): Promise<void> {
  const received = await eventually('all messages came', async () => {
    const events = await tenant.events('message.received');
    return events.length >= own.length && events;
  });
  const texts = new Map(received.map(({ sessionId, data }) => [sessionId, data.message?.text]));
  for (const { session } of own)
    expect(texts.get(session.id)).toBe(`to line ${lines.findIndex((line) => line.session.id === session.id)}`);
  expect(new Set((await tenant.events()).map(({ tenantId }) => tenantId))).toEqual(new Set([tenant.id]));
}

async function seesNothingOf({ api }: GatewayTenant, foreign: GatewaySession): Promise<void> {
  for (const route of [
    `GET ${foreign.path}`,
    `GET ${foreign.path}/messages`,
    `GET ${foreign.path}/qr`,
    `POST ${foreign.path}/start`,
  ] as const)
    expect((await api.call(route)).status).toBe(404);
  const { items } = await api.ok('GET /v1/sessions?limit=100');
  expect(items.map(({ id }) => id)).not.toContain(foreign.id);
  const filtered = await api.call(`GET /v1/events?sessionId=${foreign.id}`);
  expect(filtered.body.items ?? []).toEqual([]);
}
