import type { BinaryNode } from '@whiskeysockets/baileys';
import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { control } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

const iq = (type: string, xmlns: string, content: object[]) => ({
  tag: 'iq',
  attrs: { to: 's.whatsapp.net', type, xmlns },
  content: content as BinaryNode[],
});

describe('accounts and what others see of them', () => {
  const world = useSimulator({ seed: 'profile' });
  const jidOf = ({ pn }: { pn: string }) => `${pn}@s.whatsapp.net`;
  const change = async (pn: string, body: object) => {
    const answer = await control(world.simulator, 'PATCH', `/accounts/${pn}`, body);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };
  const twins = async (): Promise<[BaileysClient, BaileysClient]> => {
    const pn = world.aNumber();
    return [await world.aClient().pair(pn), await world.aClient().pair(pn)];
  };

  it('shows the about text to those who may see it', async () => {
    const [me, owner] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    await owner.socket.updateProfileStatus('busy');
    const status = async () => (await me.socket.fetchStatus(jidOf(owner)))?.[0]?.status;
    expect(await status()).toMatchObject({ status: 'busy' });
    await owner.socket.updateStatusPrivacy('contacts');
    expect(await status()).toMatchObject({ status: '' });
    await owner.sendText(me.pn, 'now you are a contact');
    await me.received('now you are a contact');
    expect(await status()).toMatchObject({ status: 'busy' });
    await owner.socket.updateStatusPrivacy('none');
    expect(await status()).toMatchObject({ status: '' });
  });

  it('tells the other own client about the timer and the block list', async () => {
    const [desk, laptop] = await twins();
    const contact = await world.aContact();
    await desk.socket.updateDefaultDisappearingMode(86_400);
    await laptop.until(() => laptop.creds.accountSettings.defaultDisappearingMode?.ephemeralExpiration === 86_400);
    await desk.socket.onWhatsApp(contact.pn);
    await desk.sendText(contact.pn, 'hello');
    await desk.socket.updateBlockStatus(`${contact.lid}@lid`, 'block');
    expect(await laptop.event('blocklist.update')).toEqual({ blocklist: [`${contact.lid}@lid`], type: 'add' });
    await change(desk.pn, { unblock: [contact.pn] });
    expect(await desk.event('blocklist.update')).toEqual({ blocklist: [`${contact.lid}@lid`], type: 'remove' });
    expect(await desk.socket.fetchBlocklist()).toEqual([]);
  });

  it('lets nothing of a blocked person through: messages, presence, calls', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const [pest, friend] = [await world.aContact(), await world.aContact()];
    await change(me.pn, { block: [pest.pn] });
    await me.socket.presenceSubscribe(jidOf(friend));
    for (const { pn } of [pest, friend]) {
      await world.post(`/accounts/${pn}/presence`, { state: 'composing', to: me.pn });
      await world.post(`/accounts/${pn}/call`, { to: me.pn });
      await world.post(`/accounts/${pn}/send`, { to: me.pn, text: `from ${pn}` });
    }
    await me.received(`from ${friend.pn}`);
    await me.event('call');
    expect(JSON.stringify(me.events)).not.toContain(pest.pn);
  });

  it('knows every privacy category, its values and its exceptions', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    await me.socket.updateLastSeenPrivacy('contact_blacklist');
    await me.socket.updateOnlinePrivacy('match_last_seen');
    expect(await me.socket.fetchPrivacySettings(true)).toMatchObject({
      last: 'contact_blacklist',
      online: 'match_last_seen',
    });
    const invalid = (name: string, value: string) =>
      me.socket.query(
        iq('set', 'privacy', [{ tag: 'privacy', attrs: {}, content: [{ tag: 'category', attrs: { name, value } }] }]),
      );
    await expect(invalid('online', 'nobody')).rejects.toThrow('bad-request');
    await expect(invalid('shoe-size', 'all')).rejects.toThrow('bad-request');
    const user = { tag: 'user', attrs: { jid: `${contact.lid}@lid`, action: 'add' } };
    const category = {
      tag: 'category',
      attrs: { name: 'last', value: 'contact_blacklist', dhash: 'none' },
      content: [user],
    };
    await me.socket.query(iq('set', 'privacy', [{ tag: 'privacy', attrs: {}, content: [category] }]));
    const list = { tag: 'list', attrs: { name: 'last', value: 'contact_blacklist' } };
    const answer: unknown = await me.socket.query(
      iq('get', 'privacy', [{ tag: 'privacy', attrs: {}, content: [list] }]),
    );
    expect(JSON.stringify(answer)).toContain(`${contact.lid}@lid`);
    const stale = { ...category, attrs: { ...category.attrs, dhash: 'stale' } };
    await expect(
      me.socket.query(iq('set', 'privacy', [{ tag: 'privacy', attrs: {}, content: [stale] }])),
    ).rejects.toThrow('conflict');
  });

  it('hides the last seen, and from those who hide theirs', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const lastSeen = async (contact: { pn: string }) => {
      await me.socket.presenceSubscribe(jidOf(contact));
      const { presences } = await me.event('presence.update', ({ id }) => id === jidOf(contact));
      return presences[jidOf(contact)]?.lastSeen;
    };
    const [open, shy, other] = [await world.aContact(), await world.aContact(), await world.aContact()];
    await change(shy.pn, { privacy: { last: 'none' } });
    expect(await lastSeen(open)).toBeGreaterThan(1_700_000_000);
    expect(await lastSeen(shy)).toBeUndefined();
    await me.socket.updateLastSeenPrivacy('none');
    expect(await lastSeen(other)).toBeUndefined();
  });

  it('does not show when somebody who hides it has read', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'reader' });
    await change(contact.pn, { privacy: { readreceipts: 'none' } });
    const hidden = await me.sendText(contact.pn, 'read this secretly');
    await me.reached(hidden, 3);
    await change(contact.pn, { privacy: { readreceipts: 'all' } });
    await me.reached(await me.sendText(contact.pn, 'read this openly'), 4);
    expect(me.statusOf(hidden)).toBe(3);
  });

  it('refuses strangers on demand, until they were given a token', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact();
    await change(contact.pn, { demandsToken: true });
    const refused = await me.sendText(contact.pn, 'do you know me?');
    await world.get(`/stanzas/wait?account=${me.pn}&direction=out&tag=ack&id=${refused}`);
    await me.settle();
    await me.until(() => me.refusalOf(refused));
    expect(me.refusalOf(refused)?.[0]).toBe('463');
    await world.post(`/accounts/${contact.pn}/send`, { to: me.pn, text: 'now I do' });
    await me.received('now I do');
    const stored = () => me.socket.authState.keys.get('tctoken', [`${contact.lid}@lid`]);
    await world.until('a stored token', async () => (await stored())[`${contact.lid}@lid`]?.token.length);
    await me.reached(await me.sendText(contact.pn, 'thank you'), 3);
  });

  it('finds people by username, and says who is verified', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const shop = await world.aContact();
    await change(shop.pn, { username: 'teashop', verifiedName: 'Tea Shop Ltd' });
    const contact = { tag: 'contact', attrs: { username: 'teashop' } };
    const query = ['contact', 'lid', 'username', 'business'].map((tag) => ({ tag, attrs: {} }));
    const usync = {
      tag: 'usync',
      attrs: { sid: '1', mode: 'query', last: 'true', index: '0', context: 'interactive' },
      content: [
        { tag: 'query', attrs: {}, content: query },
        { tag: 'list', attrs: {}, content: [{ tag: 'user', attrs: {}, content: [contact] }] },
      ],
    };
    const answer = JSON.stringify(await me.socket.query(iq('get', 'usync', [usync])));
    expect(answer).toContain(jidOf(shop));
    expect(answer).toContain(`${shop.lid}@lid`);
    expect(answer).toContain('verified_name');
  });

  it('refuses changes that make no sense', async () => {
    const contact = await world.aContact();
    const refused = async (body: object) => {
      const { status, body: problem } = await control(world.simulator, 'PATCH', `/accounts/${contact.pn}`, body);
      return [status, problem.code];
    };
    expect(await refused({ privacy: { last: 'maybe' } })).toEqual([400, 'privacy.unknown']);
    expect(await refused({ block: ['49999999999'] })).toEqual([404, 'account.unknown']);
    expect(await refused({ shoeSize: 44 })).toEqual([400, 'request.invalid']);
    expect(await refused({ behaviour: 'saint' })).toEqual([400, 'request.invalid']);
  });
});

describe('devices that come, go and start over', () => {
  const world = useSimulator({ seed: 'devices' });

  it('a person who installs the app again can be written to, and writes', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'echo' });
    await me.sendText(contact.pn, 'before');
    await me.received('before');
    const { body } = await world.post(`/accounts/${contact.pn}/identity-change`);
    expect(body).toMatchObject({ removed: [] });
    await world.get(`/stanzas/wait?account=${me.pn}&direction=out&tag=notification&type=encrypt`);
    await world.get(`/stanzas/wait?account=${me.pn}&direction=in&tag=iq&childTag=key`);
    await me.settle();
    await me.sendText(contact.pn, 'after');
    await me.received('after');
    await world.post(`/accounts/${contact.pn}/identity-change`);
    await world.post(`/accounts/${contact.pn}/send`, { to: me.pn, text: 'new phone again' });
    await me.received('new phone again');
  });

  it('people keep writing to each other when one of them starts over', async () => {
    const [anna, ben] = [await world.aContact(), await world.aContact({ behaviour: 'echo' })];
    const texts = async () =>
      (await world.get<{ items: { text: string }[] }>(`/messages?account=${anna.pn}`)).items.map(({ text }) => text);
    const say = async (text: string) => {
      await world.post(`/accounts/${anna.pn}/send`, { to: ben.pn, text });
      await world.until(`"${text}" with ${anna.pn}`, async () => (await texts()).includes(text));
    };
    await say('one');
    await world.post(`/accounts/${ben.pn}/identity-change`);
    await say('two');
    await world.post(`/accounts/${anna.pn}/identity-change`);
    await say('three');
    expect(await world.get(`/messages/stats?account=${anna.pn}`)).toMatchObject({ undecryptable: 0 });
  });

  it('a phone that is installed again logs its clients out, unless they are kept', async () => {
    const pn = world.aNumber();
    const [kept, contact] = [await world.aClient().pair(pn), await world.aContact({ behaviour: 'echo' })];
    await kept.sendText(contact.pn, 'first');
    await kept.received('first');
    await world.post(`/accounts/${pn}/identity-change`, { keepLinked: true });
    await world.get(`/stanzas/wait?account=${pn}&direction=in&tag=receipt&type=peer_msg&since=1`);
    await kept.sendText(contact.pn, 'second');
    await kept.received('second');
    const { body } = await world.post(`/accounts/${pn}/identity-change`);
    expect(body).toMatchObject({ removed: [1] });
    expect((await kept.ended()).statusCode).toBe(401);
  });

  it('a device that was added gets its copy, one that was removed does not', async () => {
    const me = await world.aClient().pair(world.aNumber());
    const contact = await world.aContact({ behaviour: 'echo' });
    await me.sendText(contact.pn, 'one device');
    await me.received('one device');
    const { body } = await world.post<{ added: number[] }>(`/accounts/${contact.pn}/devices`, { count: 2 });
    expect(body.added).toEqual([1, 2]);
    await world.get(`/stanzas/wait?account=${me.pn}&direction=out&tag=notification&type=devices`);
    await me.settle();
    await me.sendText(contact.pn, 'three devices');
    await me.received('three devices');
    for (const device of body.added)
      expect(await world.get(`/messages?account=${contact.pn}&device=${device}`)).toMatchObject({
        items: [{ text: 'three devices' }, { text: 'three devices', from: contact.pn }],
      });
    expect(await world.remove(`/accounts/${contact.pn}/devices/2`)).toMatchObject({ status: 204 });
    expect(await world.remove(`/accounts/${contact.pn}/devices/2`)).toMatchObject({ status: 404 });
    await me.settle();
    await me.sendText(contact.pn, 'two devices');
    await me.received('two devices');
  });
});
