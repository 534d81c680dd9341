import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

interface Stats {
  sent: number;
  received: number;
  undecryptable: number;
  refused: { id: string; to: string; code: string }[];
}

describe('what people cannot send', () => {
  const world = useSimulator({ seed: 'refusals' });
  let me: BaileysClient;
  beforeAll(async () => void (me = await world.aClient().pair(world.aNumber())));
  const stats = (pn: string) => world.get<Stats>(`/messages/stats?account=${pn}`);
  const sending = (pn: string, to: string, text: string, more: object = {}) =>
    world.post<{ ids: string[]; code: string }>(`/accounts/${pn}/send`, { to, text, ...more });
  async function aGroup(owner: string, members: string[], order: object = {}): Promise<string> {
    const { body } = await world.post<{ jid: string }>('/groups', { subject: 'Team', owner, members, ...order });
    return body.jid;
  }
  /** Makes a client publish keys nobody can start a session with. */
  async function breakKeys(client: BaileysClient): Promise<void> {
    const parts: [string, Buffer][] = [
      ['id', Buffer.from([0, 0, 1])],
      // As long as a key, but no point that anybody could agree with on anything.
      ['value', Buffer.alloc(32)],
      ['signature', Buffer.alloc(64, 1)],
    ];
    const content = parts.map(([tag, value]) => ({ tag, attrs: {}, content: value }));
    const attrs = { to: '@s.whatsapp.net', type: 'set', xmlns: 'encrypt' };
    const skey = { tag: 'skey', attrs: {}, content };
    await client.socket.query({ tag: 'iq', attrs, content: [{ tag: 'rotate', attrs: {}, content: [skey] }] });
  }

  it('is answered, told by the statistics, and neither counted nor remembered', async () => {
    const [locked, stranger] = [await world.aContact(), await world.aContact()];
    await world.patch(`/accounts/${locked.pn}/limits`, { timeLock: { seconds: 600 } });
    const single = await sending(locked.pn, stranger.pn, 'offer');
    expect(single).toMatchObject({ status: 409, body: { code: 'message.refused' } });
    const many = await sending(locked.pn, stranger.pn, 'offers', { count: 2 });
    expect(many.status).toBe(202);
    // A contact's work is done in turn: this waits for what was said before.
    await sending(locked.pn, stranger.pn, 'one more');
    const { sent, refused } = await stats(locked.pn);
    expect({ sent, refused: refused.map(({ to, code }) => [to, code]) }).toEqual({
      sent: 0,
      refused: Array<string[]>(4).fill([stranger.pn, '463']),
    });
    const [id] = many.body.ids;
    expect(await world.post(`/accounts/${locked.pn}/revoke`, { id })).toMatchObject({
      body: { code: 'message.unknown' },
    });
  });

  it('is also what they do with earlier messages, when their group has fallen silent', async () => {
    const contact = await world.aContact();
    const jid = await aGroup(me.pn, [contact.pn]);
    const { body } = await sending(contact.pn, jid, 'still allowed');
    await me.received('still allowed');
    await world.patch(`/groups/${jid}`, { by: me.pn, announcement: true });
    const answer = await world.post(`/accounts/${contact.pn}/react`, { id: body.ids[0], emoji: '👍' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'message.refused' } });
    await world.patch(`/groups/${jid}`, { by: me.pn, announcement: false });
    await sending(contact.pn, jid, 'allowed again');
    await me.received('allowed again');
  });

  it('does not take the key to a group for handed out: the next message can be read', async () => {
    const contact = await world.aContact();
    const jid = await aGroup(me.pn, [contact.pn]);
    const { body } = await sending(me.pn, jid, 'please react');
    await world.get(`/messages?account=${contact.pn}`);
    await world.patch(`/groups/${jid}`, { by: me.pn, announcement: true });
    // The first thing the contact sends here would bring the key along.
    expect(await world.post(`/accounts/${contact.pn}/react`, { id: body.ids[0], emoji: '👍' })).toMatchObject({
      body: { code: 'message.refused' },
    });
    await world.patch(`/groups/${jid}`, { by: me.pn, announcement: false });
    await sending(contact.pn, jid, 'the first that is heard');
    await me.received('the first that is heard');
  });

  it('to one device reaches the others, and that one as soon as its keys are in order', async () => {
    const broken = await world.aClient().pair(world.aNumber());
    await breakKeys(broken);
    const contact = await world.aContact();
    const jid = await aGroup(me.pn, [contact.pn, broken.pn]);
    const { status } = await sending(contact.pn, jid, 'who hears me?');
    expect(status).toBe(202);
    await me.received('who hears me?');
    expect((await stats(contact.pn)).refused).toMatchObject([{ to: `${broken.pn}:1`, code: 'keys' }]);
    await broken.socket.rotateSignedPreKey();
    await sending(contact.pn, jid, 'and now?');
    await broken.received('and now?');
    expect((await stats(contact.pn)).refused).toHaveLength(1);
  });

  it('never happens because somebody reinstalled: the new phone gets the key to the group', async () => {
    const [contact, other] = [await world.aContact(), await world.aContact()];
    const jid = await aGroup(me.pn, [contact.pn, other.pn]);
    await sending(contact.pn, jid, 'before');
    await me.received('before');
    await world.post(`/accounts/${other.pn}/identity-change`, {});
    await sending(contact.pn, jid, 'after');
    await me.received('after');
    expect(await stats(other.pn)).toMatchObject({ received: 2, undecryptable: 0 });
  });
});
