import { ok } from '@app/client/client.js';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';

const EACH = 10;

interface Seen {
  id: string;
  kind: string;
  target?: string;
  repeat: boolean;
}

describe('kill -9', () => {
  const stack = useStack();

  it(`keeps ${2 * EACH} edits and reactions, each done once`, async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    const ana = await stack.simulator.aContact('reader');
    const sent = [];
    for (let n = 0; n < EACH; n++) sent.push(await session.send(ana.pn, `before ${n}`, { wait: true }));
    const accept = (key: string, ask: (headers: { 'Idempotency-Key': string }) => Promise<object>) =>
      eventually(`${key} is accepted`, () => ask({ 'Idempotency-Key': key }).catch(() => null));
    const crashes = (async () => {
      for (const pauseMs of [50, 150]) {
        await delay(pauseMs);
        await stack.gateway.kill();
        await stack.gateway.start();
      }
    })();
    await Promise.all(
      sent.map(async ({ id }, n) => {
        const api = session.api.under(`/messages/${id}`);
        await accept(`edit-${n}`, (headers) => api.ok('PATCH', { text: `after ${n}` }, headers));
        await accept(`react-${n}`, (headers) => api.ok('PUT /reactions', { emoji: '👍' }, headers));
      }),
    );
    await crashes;
    for (const [n, { id, messageId }] of sent.entries()) {
      await eventually(
        `message ${n} is edited and has its reaction`,
        async () => {
          const message = await ok(
            tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })),
          );
          return message.text === `after ${n}` && message.edits.length === 1 && message.reactions.length === 1;
        },
        60_000,
      );
      const { items } = await stack.simulator.api.ok<{ items: Seen[] }>(`GET /messages?account=${ana.pn}`);
      const done = items.filter((item) => item.target === messageId && !item.repeat);
      expect(done.map(({ kind }) => kind).sort()).toEqual(['protocolMessage', 'reactionMessage']);
    }
    const events = await tenant.events('message.edited,message.reaction');
    expect(events).toHaveLength(2 * EACH);
  });
});
