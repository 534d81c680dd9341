import { Client } from 'pg';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

/** What WhatsApp was told we have must take effect, also when the process dies in between. */
describe('kill -9 between a confirmation and what it confirms', () => {
  let database: Client;
  // Before the database goes.
  afterAll(() => database.end());
  const stack = useStack();
  beforeAll(async () => {
    database = new Client(stack.gateway.database.url);
    await database.connect();
    await database.query(
      `CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$`,
    );
  });

  /** Has a kind of write hang, so that the process dies before it is committed. */
  const hang = (table: string, write: 'INSERT' | 'UPDATE', when: string) =>
    database.query(
      `CREATE TRIGGER hang BEFORE ${write} ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION hang()`,
    );

  async function killWhileItHangs(table: string): Promise<void> {
    const hanging = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    await eventually('the write hangs', async () => (await database.query(`SELECT pid ${hanging}`)).rowCount);
    await stack.gateway.kill();
    // Nobody is there to commit it any more; a statement on its own would commit by itself.
    await database.query(`SELECT pg_terminate_backend(pid) ${hanging}`);
    await database.query(`DROP TRIGGER hang ON ${table}`);
    await stack.gateway.start();
  }

  const confirmed = (phone: string, isIt: (attrs: Record<string, string>) => boolean, tag: string) =>
    eventually(`WhatsApp has its ${tag}`, async () => {
      const path = `GET /stanzas?account=${phone}&tag=${tag}&direction=in&limit=200`;
      const { items } = await stack.simulator.api.ok<{ items: { attrs: Record<string, string> }[] }>(path);
      return items.some(({ attrs }) => isIt(attrs));
    });

  async function aChat(): Promise<{ session: GatewaySession; phone: string; contact: string; messageId: string }> {
    const phone = stack.aPhone();
    const session = await (await stack.gateway.aTenant()).aPairedSession(phone);
    const { pn: contact } = await stack.simulator.aContact('silent');
    const [messageId = ''] = await stack.simulator.send(contact, phone, { text: 'hello' });
    await eventually('the message is there', async () => (await find(session, messageId)).status === 200);
    return { session, phone, contact, messageId };
  }
  const find = (session: GatewaySession, messageId: string) =>
    session.tenant.api.call(`GET ${session.path}/messages/${messageId}`);
  const order = (phone: string, what: object) => stack.simulator.api.ok(`POST /accounts/${phone}/phone`, what);
  const isSettingsAck = (attrs: Record<string, string>) =>
    attrs.class === 'notification' && attrs.type === 'server_sync';

  it('keeps a star that the phone has set', async () => {
    const { session, phone, contact, messageId } = await aChat();
    await hang('messages', 'UPDATE', 'NEW.starred_at IS NOT NULL AND OLD.starred_at IS NULL');
    await order(phone, { op: 'star', chat: contact, id: messageId });
    await confirmed(phone, isSettingsAck, 'ack');
    await killWhileItHangs('messages');
    await eventually('the star is there', async () => (await find(session, messageId)).body.isStarred);
    expect(await session.tenant.events('message.starred')).toHaveLength(1);
  });

  it('keeps a deletion that the phone has made, and an order of its chat', async () => {
    const { session, phone, contact, messageId } = await aChat();
    await hang('messages', 'UPDATE', 'NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL');
    await order(phone, { op: 'deleteMessageForMe', chat: contact, id: messageId });
    await confirmed(phone, isSettingsAck, 'ack');
    await order(phone, { op: 'archive', chat: contact });
    await killWhileItHangs('messages');
    await eventually('it is deleted', async () => (await find(session, messageId)).status === 404);
    const chat = `GET ${session.path}/chats/${contact}` as const;
    await eventually('the chat is archived', async () => (await session.tenant.api.ok(chat)).isArchived);
    expect(await session.tenant.events('message.deleted')).toHaveLength(1);
  });

  it('keeps the timer that the other side has set', async () => {
    const { session, phone, contact } = await aChat();
    await hang('chats', 'UPDATE', 'NEW.disappearing_seconds <> OLD.disappearing_seconds');
    const timer = { protocolMessage: { type: 'EPHEMERAL_SETTING', ephemeralExpiration: 86_400 } };
    const [id] = await stack.simulator.send(contact, phone, { message: timer });
    await confirmed(phone, (attrs) => attrs.id === id, 'receipt');
    await killWhileItHangs('chats');
    const chat = `GET ${session.path}/chats/${contact}` as const;
    const seconds = async () => (await session.tenant.api.ok(chat)).disappearingSeconds;
    await eventually('the timer is there', async () => (await seconds()) === 86_400);
  });

  it('keeps the keys of the settings, which the phone shares once', async () => {
    const phone = stack.aPhone();
    const session = await (await stack.gateway.aTenant()).aSession();
    await hang('signal_keys', 'INSERT', `NEW.type = 'app-state-sync-key'`);
    await session.start();
    await stack.simulator.api.ok('POST /pair', { pn: phone, qr: await session.qr() });
    await killWhileItHangs('signal_keys');
    await session.becomes('connected');
    const { pn: contact } = await stack.simulator.aContact('silent');
    await stack.simulator.send(contact, phone, { text: 'hello' });
    const archive = `POST ${session.path}/chats/${contact}/archive` as const;
    await eventually(
      'the settings can be written',
      async () => (await session.tenant.api.call(archive)).status === 200,
      30_000,
    );
  });
});
