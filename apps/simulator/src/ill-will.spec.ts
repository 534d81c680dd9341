import type { BaileysClient } from '../test-kit/baileys-client.js';
import { useSimulator } from '../test-kit/use-simulator.js';
import { child, children, encodeStanza, stanza } from './wire/stanza.js';
import type { Stanza } from './wire/stanza.js';

let asked = 0;

/** Sends a stanza past the library's own codec, which stumbles over some words, and waits for what answers it. */
async function ask(client: BaileysClient, node: Stanza): Promise<Stanza> {
  const id = `ask-${++asked}`;
  const answered = client.socket.waitForMessage<Stanza>(id, 10_000);
  await client.socket.sendRawMessage(encodeStanza({ ...node, attrs: { ...node.attrs, id } }));
  const answer = await answered;
  if (!answer) throw new Error(`nobody answered ${node.tag}`);
  return answer;
}
const query = (type: string, xmlns: string, ...content: Stanza[]) =>
  stanza('iq', { to: '@s.whatsapp.net', type, xmlns }, content);
const refusedWith = (code: number) => ({ attrs: { type: 'error' }, content: [{ attrs: { code: String(code) } }] });
const key = (id: number, bytes: number) =>
  stanza('key', {}, [stanza('id', {}, Buffer.from([0, 0, id])), stanza('value', {}, Buffer.alloc(bytes, 9))]);
const signedKey = (bytes: number, signatureBytes: number) =>
  stanza('skey', {}, [
    stanza('id', {}, Buffer.from([0, 0, 7])),
    stanza('value', {}, Buffer.alloc(bytes, 9)),
    stanza('signature', {}, Buffer.alloc(signatureBytes, 9)),
  ]);

describe('a linked client that means ill', () => {
  const world = useSimulator({ seed: 'ill will' });
  const aPair = async () => {
    const client = await world.aClient().pair(world.aNumber());
    return { client, contact: await world.aContact() };
  };
  const usync = (protocols: string[], jids: string[]) =>
    query(
      'get',
      'usync',
      stanza('usync', {}, [
        stanza(
          'query',
          {},
          protocols.map((tag) => stanza(tag)),
        ),
        stanza(
          'list',
          {},
          jids.map((jid) => stanza('user', { jid })),
        ),
      ]),
    );
  afterEach(async () => {
    expect(await world.get<string>('/metrics')).toContain('simulator_errors_total 0');
  });

  it('gets one answer per protocol, none from what objects inherit, and none about too many people', async () => {
    const { client, contact } = await aPair();
    const jid = `${contact.pn}@s.whatsapp.net`;
    const protocols = ['lid', 'constructor', '__proto__', ...Array.from({ length: 300 }, () => 'devices')];
    const { content } = await ask(client, usync(protocols, [jid]));
    expect(content).toMatchObject([{ content: [{ content: [{ content: [{ tag: 'lid' }, { tag: 'devices' }] }] }] }]);
    const list = children(child({ tag: 'iq', attrs: {}, content }), 'list');
    expect(children(child(list[0], 'user'))).toHaveLength(2);
    expect(await ask(client, usync(['lid'], new Array<string>(2_001).fill(jid)))).toMatchObject(refusedWith(400));
  });

  it.each([
    ['keys', query('set', 'encrypt', stanza('list', {}, [key(1, 31)]))],
    ['a signed key', query('set', 'encrypt', stanza('rotate', {}, [signedKey(33, 64)]))],
    ['a signature', query('set', 'encrypt', stanza('rotate', {}, [signedKey(32, 63)]))],
    ['no key at all', query('set', 'encrypt', stanza('rotate'))],
  ])('cannot leave malformed %s', async (_what, node) => {
    const { client } = await aPair();
    expect(await ask(client, node)).toMatchObject(refusedWith(400));
  });

  it('cannot name what does not exist', async () => {
    const { client, contact } = await aPair();
    const privacy = stanza('privacy', {}, [stanza('category', { name: 'constructor', value: 'all' })]);
    expect(await ask(client, query('set', 'privacy', privacy))).toMatchObject(refusedWith(400));
    const sync = (name: string) =>
      query('set', 'w:sync:app:state', stanza('sync', {}, [stanza('collection', { name, version: '0' })]));
    expect(await ask(client, sync('regular_medium'))).toMatchObject(refusedWith(400));
    const call = stanza('call', { to: `${contact.pn}@s.whatsapp.net` }, [
      stanza('offer', { 'call-id': 'C', 'call-creator': 'x' }),
    ]);
    await ask(client, call);
    const strange = stanza('call', call.attrs, [stanza('constructor', { 'call-id': 'C' })]);
    expect(await ask(client, strange)).toMatchObject({ attrs: { class: 'call' } });
    expect(await world.get('/calls')).toMatchObject({ items: [{ id: 'C', state: 'ringing' }] });
  });

  it('cannot send others more than a message, nor anything but a message', async () => {
    const [{ client }, friend] = [await aPair(), await world.aClient().pair(world.aNumber())];
    const jid = `${friend.pn}:1@s.whatsapp.net`;
    const message = (bytes: number, ...more: Stanza[]) => {
      const to = stanza('to', { jid }, [stanza('enc', { v: 2, type: 'msg' }, Buffer.alloc(bytes, 1)), ...more]);
      return stanza('message', { to: `${friend.pn}@s.whatsapp.net`, type: 'text' }, [stanza('participants', {}, [to])]);
    };
    expect(await ask(client, message(600_000))).toMatchObject({ tag: 'ack', attrs: { error: '413' } });
    const { attrs } = await ask(client, message(100, stanza('constructor', { toString: '__proto__' })));
    expect(attrs.error).toBeUndefined();
    const { items } = await world.get<{ items: { xml: string }[] }>(
      `/stanzas?account=${friend.pn}&direction=out&tag=message&id=${attrs.id}`,
    );
    expect(items.map(({ xml }) => xml)).toEqual([expect.stringContaining('<enc')]);
    expect(items[0]?.xml).not.toContain('constructor');
    await friend.settle();
    expect(friend.isOpen).toBe(true);
  });
});

describe('a client that is to be linked', () => {
  const world = useSimulator({ seed: 'strangers' });

  it('is refused with malformed keys, at once', async () => {
    const client = world.aClient();
    Object.assign(client.creds.signedIdentityKey, { public: Buffer.alloc(31) });
    expect(await client.connect().ended()).toEqual({ statusCode: 400 });
    expect(await world.get<string>('/metrics')).toContain('simulator_errors_total 0');
  });

  it('cannot show a code with a malformed key', async () => {
    const client = world.aClient().connect();
    await client.until('a QR code', () => client.qr);
    const wrapped = stanza('link_code_pairing_wrapped_companion_ephemeral_pub', {}, Buffer.alloc(79));
    const attrs = { stage: 'companion_hello', jid: `${world.aNumber()}@s.whatsapp.net` };
    const hello = query('set', 'md', stanza('link_code_companion_reg', attrs, [wrapped]));
    expect(await ask(client, hello)).toMatchObject(refusedWith(400));
  });

  it('finds no room where every number is given away', async () => {
    const contact = await world.aContact();
    for (let n = 0; n < 12; n++) await world.post(`/accounts/${contact.pn}/devices`, { count: 20 });
    expect(await world.post(`/accounts/${contact.pn}/devices`, { count: 10 })).toMatchObject({
      status: 409,
      body: { code: 'account.devices-full' },
    });
    expect((await world.post(`/accounts/${contact.pn}/devices`, { count: 9 })).status).toBe(201);
    const client = world.aClient().connect();
    const qr = await client.until('a QR code', () => client.qr);
    expect(await world.post('/pair', { pn: contact.pn, qr })).toMatchObject({
      status: 409,
      body: { code: 'account.devices-full' },
    });
  });
});
