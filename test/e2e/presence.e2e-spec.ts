import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';

interface AccountBody {
  everAvailable: boolean;
  presence: { type: string }[];
}

describe('presence', () => {
  const stack = useStack();

  it('is never available on the wire unless asked for: the phone keeps ringing', async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    const account = () => stack.simulator.api.ok<AccountBody>(`GET /accounts/${phone}`);
    // Credentials change: a login after pairing, a reconnect, pre-keys used up by new contacts.
    for (const text of ['one', 'two']) {
      const contact = await stack.simulator.aContact('echo');
      await session.send(contact.pn, text, { wait: true });
    }
    await stack.simulator.kick(phone, 515);
    await stack.simulator.connected(phone);
    await session.becomes('connected');
    await eventually('it said what it is', async () => (await account()).presence.length > 0);
    const { everAvailable, presence } = await account();
    expect(everAvailable).toBe(false);
    expect(new Set(presence.map(({ type }) => type))).toEqual(new Set(['unavailable']));
  });

  const shown = async (phone: string) =>
    (await stack.simulator.api.ok<AccountBody>(`GET /accounts/${phone}`)).presence.at(-1)?.type;
  const becomes = (phone: string, type: string) =>
    eventually(`${phone} is ${type}`, async () => (await shown(phone)) === type);

  it('is available on order, and after a reconnect as the session is set', async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    await session.api.ok(`PUT /presence`, { state: 'available' });
    await becomes(phone, 'available');
    await session.api.ok(`PATCH /settings`, { pacing: { messagesPerMinute: 100 } });
    expect(await shown(phone)).toBe('available');
    await session.api.ok(`PUT /presence`, { state: 'unavailable' });
    await becomes(phone, 'unavailable');
    expect(await session.api.raw(`PUT /presence`, { state: 'asleep' })).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', errors: [{ pointer: '/state' }] },
    });

    await session.api.ok(`PATCH /settings`, { presence: 'available' });
    await becomes(phone, 'available');
    await session.api.ok(`PUT /presence`, { state: 'unavailable' });
    await becomes(phone, 'unavailable');
    await stack.simulator.kick(phone, 515);
    await becomes(phone, 'available');
    await session.becomes('connected');
    await session.api.ok(`PUT /profile/name`, { name: 'Online shop' });
    await eventually('the phone has the name', async () => {
      const { name } = await stack.simulator.api.ok<{ name: string }>(`GET /accounts/${phone}`);
      return name === 'Online shop';
    });
    expect(await shown(phone)).toBe('available');
    await session.api.ok(`PUT /presence`, { state: 'unavailable' });
    await becomes(phone, 'unavailable');
    await stack.gateway.stop();
    await stack.gateway.start();
    await becomes(phone, 'available');
    await session.becomes('connected');
    await session.api.ok(`PATCH /settings`, { presence: null });
    await becomes(phone, 'unavailable');
    expect(await session.api.raw(`PATCH /settings`, { presence: 'asleep' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/presence' }] },
    });
    await session.api.ok(`POST /stop`);
    expect(await session.api.call(`PUT /presence`, { state: 'available' })).toMatchObject({
      status: 409,
      body: { code: 'session.not-connected' },
    });
  });

  it('reads what comes in when the session is set so, also after a crash', async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    const ana = await stack.simulator.aContact('silent');
    const unread = async () => (await session.api.ok(`GET /chats/${ana.pn}`)).unreadCount;
    const receipts = `GET /stanzas?account=${phone}&tag=receipt&direction=in&type=read&limit=1000`;
    const isRead = (id: string) =>
      eventually(`${id} is read`, async () =>
        (await stack.simulator.api.ok<{ items: { xml: string }[] }>(receipts)).items.some(({ xml }) =>
          xml.includes(id),
        ),
      );
    const [early = ''] = await stack.simulator.send(ana.pn, phone, { text: 'Nobody looks' });
    await eventually('it is there', async () => (await tenant.events('message.received')).length === 1);
    expect(await unread()).toBe(1);
    const settings = await session.api.ok(`PATCH /settings`, { autoRead: true });
    expect(settings.autoRead).toBe(true);
    const [id = ''] = await stack.simulator.send(ana.pn, phone, { text: 'Somebody does' });
    await isRead(id);
    await isRead(early);
    await eventually('the chat is read', async () => (await unread()) === 0);
    await stack.gateway.kill();
    const [missed = ''] = await stack.simulator.send(ana.pn, phone, { text: 'And now?' });
    await stack.gateway.start();
    await isRead(missed);
    await session.api.ok(`PATCH /settings`, { autoRead: false });
    await stack.simulator.send(ana.pn, phone, { text: 'Still there?' });
    await eventually('it is there', async () => (await tenant.events('message.received')).length === 4);
    expect(await unread()).toBe(1);
  });
});
