import { ok } from '@app/client/client.js';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';
import { WebhookReceiver } from '@app/testing/webhook-receiver.js';

const KILLS = 10;
const SESSIONS = 5;
const INBOUND = 500;
const OUTBOUND = 200;

describe('kill -9', () => {
  const stack = useStack();
  let receiver: WebhookReceiver;
  beforeAll(async () => (receiver = await WebhookReceiver.start()));
  afterAll(() => receiver.stop());

  it(`loses and doubles nothing over ${KILLS} kills while messages come and go`, async () => {
    const tenant = await stack.gateway.aTenant();
    await ok(tenant.client.POST('/v1/webhooks', { body: { url: receiver.url, types: ['message.received'] } }));
    const lines = await Promise.all(
      Array.from({ length: SESSIONS }, async () => {
        const phone = stack.aPhone();
        return {
          phone,
          session: await tenant.aPairedSession(phone),
          contact: await stack.simulator.aContact('reader'),
        };
      }),
    );
    await slowDownCommits();
    let isCrashing = true;
    const crashes = crash().finally(() => (isCrashing = false));
    const inbound = Promise.all(
      lines.map(({ phone, contact }) =>
        stack.simulator.send(contact.pn, phone, {
          textTemplate: `in ${contact.pn} {n}`,
          count: INBOUND / SESSIONS,
          ratePerSec: INBOUND / SESSIONS / 25,
        }),
      ),
    );
    const outbound = Promise.all(
      lines.map(async ({ session, contact }) => {
        for (let n = 0; n < OUTBOUND / SESSIONS; n++) {
          await sendUntilAccepted(session, contact.pn, `out ${contact.pn} ${n}`);
          if (isCrashing) await delay(500);
        }
      }),
    );
    await Promise.all([crashes, inbound, outbound]);

    const received = await eventually(
      'every inbound message is in the log',
      async () => {
        const events = await tenant.events('message.received');
        return events.length >= INBOUND && events;
      },
      60_000,
    );
    expect(new Set(received.map(({ data }) => data.message?.text)).size).toBe(INBOUND);
    expect(received).toHaveLength(INBOUND);
    await eventually('every event is at the webhook', () => {
      const ids = new Set(receiver.received.map(({ event }) => event.id));
      return received.every(({ id }) => ids.has(id));
    });

    for (const { contact, session } of lines) {
      await eventually('every accepted message is with its recipient', async () => {
        const texts = (await stack.simulator.messages(contact.pn)).map(({ text }) => text);
        return new Set(texts).size === OUTBOUND / SESSIONS;
      }).catch(async () => expect(await unseen(session, contact.pn)).toEqual([]));
      const shown = (await stack.simulator.messages(contact.pn)).filter(({ repeat }) => !repeat);
      expect(shown).toHaveLength(OUTBOUND / SESSIONS);
      expect(await stack.simulator.stats(contact.pn)).toMatchObject({ undecryptable: 0, retryReceiptsReceived: 0 });
    }
    for (const { session } of lines) await keepsSequence(session);
  });

  /** Opens the gap between doing something and having it stored wide enough for a kill to fall into it. */
  async function slowDownCommits(): Promise<void> {
    const database = new Client(stack.gateway.database.url);
    await database.connect();
    await database.query(`CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END $$`);
    for (const table of ['signal_keys', 'messages'])
      await database.query(`CREATE TRIGGER be_slow AFTER INSERT OR UPDATE ON ${table} EXECUTE FUNCTION be_slow()`);
    await database.end();
  }

  /** Ends and starts the gateway again and again, each time somewhere else in its work. */
  async function crash(): Promise<void> {
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(300 + 150 * kill);
      await stack.gateway.kill();
      await stack.gateway.start();
    }
  }

  async function sendUntilAccepted(session: GatewaySession, to: string, text: string): Promise<void> {
    await eventually(
      `"${text}" is accepted`,
      () => session.send(to, text, { idempotencyKey: text.replaceAll(' ', '-') }).catch(() => null),
      60_000,
    );
  }

  /** What the gateway knows about accepted messages that the recipient has not decrypted. */
  async function unseen(session: GatewaySession, contact: string): Promise<unknown[]> {
    const seen = new Set((await stack.simulator.messages(contact)).map(({ id }) => id));
    const { items } = await ok(
      session.tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { limit: 200, chatId: contact })),
    );
    return items.filter(({ fromMe, messageId }) => fromMe && !seen.has(messageId));
  }

  async function keepsSequence(session: GatewaySession): Promise<void> {
    const events = (await session.tenant.events()).filter(({ sessionId }) => sessionId === session.id);
    const sequences = events.map(({ sequence }) => sequence).sort((a, b) => a - b);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  }
});
