import { proto } from '@whiskeysockets/baileys';
import type { BinaryNode } from '@whiskeysockets/baileys';
import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';
import { Clock } from '../world/clock.js';
import { LIVE_UPDATE_SECONDS } from './live-updates.js';

interface Shown {
  jid: string;
  followers: number;
  posts: { serverId: number; id: string; message: object; isDeleted: boolean; views: number; author: string }[];
}

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
const contentOf = (node: BinaryNode | undefined) => (Array.isArray(node?.content) ? node.content : []);

describe('newsletters', () => {
  const clock = new Clock(Date.now());
  const world = useSimulator({ seed: 'newsletters', clock });
  const show = (jid: string) => world.get<Shown>(`/newsletters/${jid}`);
  const post = (jid: string, body: object) => world.post<Shown['posts'][0]>(`/newsletters/${jid}/posts`, body);

  async function aNewsletter(order: object = {}) {
    const owner = await world.aContact();
    const { body } = await world.post<Shown>('/newsletters', { owner: owner.pn, name: 'Daily bread', ...order });
    return { jid: body.jid, owner };
  }

  async function aFollower(jid: string): Promise<BaileysClient> {
    const client = await world.aClient().pair(world.aNumber());
    await client.socket.newsletterFollow(jid);
    return client;
  }

  it('are written by a client and read by the followers, with numbers that count up', async () => {
    const pn = world.aNumber();
    const [desk, laptop] = [await world.aClient().pair(pn), await world.aClient().pair(pn)];
    const { id: jid } = await desk.socket.newsletterCreate('Harbour news');
    const reader = await aFollower(jid);
    const first = await desk.socket.sendMessage(jid, { text: 'high tide' });
    await desk.socket.sendMessage(jid, { poll: { name: 'Swim?', values: ['yes', 'no'], selectableCount: 1 } });
    const { message, type } = await reader.received('high tide');
    expect({ type, key: message.key }).toMatchObject({
      type: 'notify',
      key: { remoteJid: jid, id: first?.key.id, fromMe: false, server_id: '100' },
    });
    await reader.until(() => reader.upserts.some(({ message: { message: body } }) => body?.pollCreationMessageV3));
    // The author's other client is not told as if it were news.
    const copy = await laptop.received('high tide');
    expect({ type: copy.type, id: copy.message.key.id }).toEqual({ type: 'append', id: first?.key.id });
    const { posts } = await show(jid);
    expect(posts.map(({ serverId, author }) => ({ serverId, author }))).toEqual([
      { serverId: 100, author: pn },
      { serverId: 101, author: pn },
    ]);
    const acks = await world.get<{ items: { attrs: object }[] }>(`/stanzas?tag=ack&direction=out&account=${pn}`);
    expect(acks.items.map(({ attrs }) => attrs)).toContainEqual(
      expect.objectContaining({ id: first?.key.id, class: 'message', server_id: '100', from: jid }),
    );
  });

  it('wait for followers who are away', async () => {
    const { jid } = await aNewsletter();
    const reader = await aFollower(jid);
    await reader.close();
    await post(jid, { text: 'missed one' });
    await reader.connect().opened();
    expect((await reader.received('missed one')).type).toBe('append');
  });

  it('carry any message, and refuse what is none', async () => {
    const { jid } = await aNewsletter();
    const reader = await aFollower(jid);
    const imageMessage = { directPath: '/m/1', fileLength: 12, mimetype: 'image/jpeg', caption: 'the harbour' };
    expect((await post(jid, { message: { imageMessage } })).body).toMatchObject({ type: 'media', serverId: 100 });
    const seen = await reader.until(() => reader.upserts.find(({ message }) => message.message?.imageMessage));
    expect(seen.message.message?.imageMessage).toMatchObject({ caption: 'the harbour', directPath: '/m/1' });
    for (const body of [{}, { text: 'a', poll: { name: 'b', options: ['c', 'd'] } }])
      expect(await post(jid, body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    for (const message of [{}, { imageMassage: {} }])
      expect(await post(jid, { message })).toMatchObject({ status: 400, body: { code: 'message.invalid' } });
  });

  it('have a picture everybody can download, as long as it is theirs', async () => {
    const pn = world.aNumber();
    const author = await world.aClient().pair(pn);
    const { id: jid } = await author.socket.newsletterCreate('With a picture');
    await author.socket.newsletterUpdatePicture(jid, PICTURE);
    // The library hands the service's answer on as it is, whatever its types say.
    const metadata: unknown = await author.socket.newsletterMetadata('jid', jid);
    const { thread_metadata: thread } = metadata as { thread_metadata: { picture: { direct_path: string } } };
    const path = thread.picture.direct_path;
    const status = async () =>
      (await fetch(`https://${world.simulator.mediaHost}${path}`, author.media.config.options)).status;
    expect([path.startsWith('/v/'), await status()]).toEqual([true, 200]);
    await author.socket.newsletterUpdatePicture(jid, PICTURE);
    expect(await status()).toBe(410);
    const { pictureUrl } = await world.get<{ pictureUrl: string }>(`/newsletters/${jid}`);
    await world.remove(`/newsletters/${jid}`);
    expect((await fetch(pictureUrl, author.media.config.options)).status).toBe(410);
    const order = { owner: pn, name: 'Broken', picture: Buffer.from('no picture').toString('base64') };
    expect(await world.post('/newsletters', order)).toMatchObject({ body: { code: 'newsletter.not-acceptable' } });
    const { items } = await world.get<{ items: { name: string }[] }>('/newsletters');
    expect(items.map(({ name }) => name)).not.toContain('Broken');
  });

  it('show pictures that a client uploaded, unencrypted', async () => {
    const author = await world.aClient().pair(world.aNumber());
    const { id: jid } = await author.socket.newsletterCreate('Harbour news');
    const reader = await aFollower(jid);
    await author.socket.sendMessage(jid, { image: PICTURE, caption: 'the harbour', jpegThumbnail: '' });
    const seen = await reader.until(() => reader.upserts.find(({ message }) => message.message?.imageMessage));
    const { directPath, mediaKey, caption } = seen.message.message?.imageMessage ?? {};
    expect({ caption, isEncrypted: !!mediaKey?.length }).toEqual({ caption: 'the harbour', isEncrypted: false });
    const { items } = await world.get<{ items: { path: string; sizeBytes: number }[] }>('/media');
    expect(items).toContainEqual(
      expect.objectContaining({ path: directPath?.split('?')[0], sizeBytes: PICTURE.length }),
    );
  });

  it('have posts edited and deleted, in the way of the official clients', async () => {
    const author = await world.aClient().pair(world.aNumber());
    const { id: jid } = await author.socket.newsletterCreate('Harbour news');
    const reader = await aFollower(jid);
    const sent = await author.socket.sendMessage(jid, { text: 'hihg tide' });
    const messageId = sent?.key.id ?? '';
    const change = (edit: string, text: string) =>
      author.socket.relayMessage(jid, { conversation: text }, { messageId, additionalAttributes: { edit } });
    await change('3', 'high tide');
    expect((await reader.received('high tide')).message.key).toMatchObject({ id: messageId, server_id: '100' });
    await change('8', '');
    await author.settle();
    expect((await show(jid)).posts).toMatchObject([{ serverId: 100, id: messageId, message: {}, isDeleted: true }]);
    const deletion = await world.get<{ attrs: object }>(
      `/stanzas/wait?account=${reader.pn}&tag=message&direction=out&id=${messageId}&since=0`,
    );
    expect(deletion.attrs).toMatchObject({ from: jid });
  });

  it('refuse the changes that only one-to-one chats know', async () => {
    const author = await world.aClient().pair(world.aNumber());
    const { id: jid } = await author.socket.newsletterCreate('Harbour news');
    const sent = await author.socket.sendMessage(jid, { text: 'stays' });
    if (!sent) throw new Error('not sent');
    const deletion = await author.socket.sendMessage(jid, { delete: sent.key });
    await author.settle();
    expect(author.refusalOf(deletion?.key.id ?? '')).toEqual(['479']);
    expect((await show(jid)).posts).toMatchObject([{ isDeleted: false }]);
  });

  it('tell of views and reactions while a client is looking, and not longer', async () => {
    const { jid } = await aNewsletter();
    const [reader, other] = [await aFollower(jid), await aFollower(jid)];
    const { serverId } = (await post(jid, { text: 'look' })).body;
    const view = (count: number) => world.post(`/newsletters/${jid}/views`, { serverId, count });
    await view(1);
    await reader.socket.subscribeNewsletterUpdates(jid);
    await other.socket.subscribeNewsletterUpdates(jid);
    await view(1);
    clock.advance((LIVE_UPDATE_SECONDS - 1) * 1000);
    await reader.socket.subscribeNewsletterUpdates(jid);
    clock.advance(2000);
    await view(1);
    await reader.event('newsletter.view', ({ count }) => count === 3);
    await other.settle();
    const counts = (client: BaileysClient) =>
      client.events.filter(({ name }) => name === 'newsletter.view').map(({ payload }) => payload);
    expect(counts(reader)).toMatchObject([{ count: 2 }, { count: 3 }]);
    expect(counts(other)).toMatchObject([{ count: 2 }]);
  });

  it('count a view reported by a client once', async () => {
    const { jid } = await aNewsletter();
    const reader = await aFollower(jid);
    const { serverId } = (await post(jid, { text: 'seen' })).body;
    const items = [{ tag: 'item', attrs: { server_id: String(serverId) } }];
    for (const id of ['view-1', 'view-2'])
      await reader.socket.sendNode({
        tag: 'receipt',
        attrs: { to: jid, id, type: 'view' },
        content: [{ tag: 'list', attrs: {}, content: items }],
      });
    await reader.settle();
    expect((await show(jid)).posts).toMatchObject([{ views: 1 }]);
  });

  it('list their posts with counts: the latest, those after one, those changed since', async () => {
    const { jid } = await aNewsletter();
    const reader = await aFollower(jid);
    for (const text of ['one', 'two', 'three']) await post(jid, { text });
    clock.advance(60_000);
    await world.post(`/newsletters/${jid}/reactions`, { serverId: 101, emoji: '👍', count: 3 });
    const fetch = async (count: number, since: number, after: number) => {
      const answer = (await reader.socket.newsletterFetchMessages(jid, count, since, after)) as BinaryNode;
      return contentOf(contentOf(answer)[0]);
    };
    const numbers = (posts: BinaryNode[]) => posts.map(({ attrs }) => attrs.server_id);
    expect(numbers(await fetch(2, 0, 0))).toEqual(['101', '102']);
    expect(numbers(await fetch(2, 0, 100))).toEqual(['101', '102']);
    expect(numbers(await fetch(5, 0, 101))).toEqual(['102']);
    const [changed, ...others] = await fetch(5, Math.floor(clock.now() / 1000), 0);
    expect({ number: changed?.attrs.server_id, others }).toEqual({ number: '101', others: [] });
    const [plaintext, , reactions] = contentOf(changed);
    expect(proto.Message.decode(plaintext?.content as Uint8Array).conversation).toBe('two');
    expect(contentOf(reactions)).toMatchObject([{ attrs: { code: '👍', count: '3' } }]);
  });

  it('refuse what somebody may not do', async () => {
    const { jid, owner } = await aNewsletter({ reactions: 'BASIC' });
    const reader = await world.aClient().pair(world.aNumber());
    const { socket } = reader;
    const statusOf = (work: Promise<unknown>) =>
      work.then(
        () => 200,
        (error: { output: { statusCode: number } }) => error.output.statusCode,
      );
    expect({
      mute: await statusOf(socket.newsletterMute(jid)),
      rename: await statusOf(socket.newsletterUpdateName(jid, 'Mine')),
      remove: await statusOf(socket.newsletterDelete(jid)),
      demote: await statusOf(socket.newsletterDemote(jid, `${owner.lid}@lid`)),
      subscribers: await statusOf(socket.newsletterSubscribers(jid)),
      unknown: await statusOf(socket.newsletterMetadata('jid', '1@newsletter')),
      invite: await statusOf(socket.newsletterMetadata('invite', 'nothing')),
      long: await statusOf(socket.newsletterCreate('x'.repeat(101))),
      nameless: await statusOf(socket.newsletterCreate('')),
      live: await socket.subscribeNewsletterUpdates('1@newsletter').then(String, ({ data }) => Number(data)),
    }).toEqual({
      ...{ mute: 403, rename: 403, remove: 403, demote: 403, subscribers: 403 },
      ...{ unknown: 404, invite: 404, long: 400, nameless: 400, live: 404 },
    });

    const { serverId } = (await post(jid, { text: 'hello' })).body;
    const posted = await socket.sendMessage(jid, { text: 'may I?' });
    await socket.newsletterReactMessage(jid, String(serverId), '👍');
    await socket.newsletterFollow(jid);
    await socket.newsletterReactMessage(jid, String(serverId), '🎺');
    await reader.settle();
    expect(reader.refusalOf(posted?.key.id ?? '')).toEqual(['403']);
    expect((await show(jid)).posts).toMatchObject([{ reactions: {} }]);

    await world.remove(`/newsletters/${jid}`);
    expect(await statusOf(socket.newsletterFollow(jid))).toBe(410);
  });

  it('are described to each reader by the own role, and can be handed over to an admin only', async () => {
    const author = await world.aClient().pair(world.aNumber());
    const heir = await world.aClient().pair(world.aNumber());
    const { id: jid } = await author.socket.newsletterCreate('Harbour news');
    const role = async ({ socket }: BaileysClient) =>
      (await socket.newsletterMetadata('jid', jid)) as unknown as { viewer_metadata: { role: string } };
    expect(await role(heir)).toMatchObject({ viewer_metadata: { role: 'GUEST', mute: 'OFF' } });
    const heirLid = heir.creds.me?.lid ?? '';
    await expect(author.socket.newsletterChangeOwner(jid, heirLid)).rejects.toMatchObject({
      output: { statusCode: 400 },
    });
    await world.post(`/newsletters/${jid}/admins`, { pn: heir.pn });
    await heir.event('newsletter-participants.update', ({ action }) => action === 'promote');
    await author.socket.newsletterChangeOwner(jid, heirLid);
    expect([await role(author), await role(heir)]).toMatchObject([
      { viewer_metadata: { role: 'ADMIN' } },
      { viewer_metadata: { role: 'OWNER' } },
    ]);
    await heir.event('newsletter-participants.update', ({ new_role: given }) => given === 'owner');
    await expect(heir.socket.newsletterUnfollow(jid)).rejects.toMatchObject({ output: { statusCode: 403 } });
  });

  it('are refused and changed through the control API with problems', async () => {
    const { jid, owner } = await aNewsletter();
    const [other, path] = [await world.aContact(), `/newsletters/${jid}`];
    const { serverId } = (await post(jid, { text: 'hello' })).body;
    await world.patch(path, { reactions: 'NONE' });
    const answers = [
      await world.post('/newsletters', { owner: '999999999', name: 'Nobody' }),
      await world.post('/newsletters', { owner: owner.pn, name: 'x'.repeat(101) }),
      await world.post('/newsletters/1@newsletter/posts', { text: 'lost' }),
      await post(jid, { by: other.pn, text: 'mine' }),
      await world.post(`${path}/views`, { serverId: 7 }),
      await world.post(`${path}/views`, { serverId, by: other.pn, count: 2 }),
      await world.post(`${path}/reactions`, { serverId, emoji: '👍' }),
      await world.post(`${path}/admins`, { pn: owner.pn }),
    ].map(({ status, body }) => `${status} ${String((body as unknown as { code: string }).code)}`);
    expect(answers).toEqual([
      '404 account.unknown',
      '400 newsletter.bad-request',
      '404 newsletter.unknown',
      '403 newsletter.forbidden',
      '404 post.unknown',
      '400 request.invalid',
      '403 newsletter.forbidden',
      '409 newsletter.conflict',
    ]);
    await world.patch(`${path}/posts/${serverId}`, { text: 'hello all' });
    expect((await show(jid)).posts).toMatchObject([{ message: { conversation: 'hello all' }, isDeleted: false }]);
    expect(await world.remove(`${path}/posts/${serverId}`)).toMatchObject({ status: 204 });
    expect((await show(jid)).posts).toMatchObject([{ message: {}, isDeleted: true }]);
    expect(await world.remove(path)).toMatchObject({ status: 204 });
    expect(await world.get(path)).toMatchObject({ code: 'newsletter.gone' });
  });

  it('are listed to who follows them, read page by page, and found in terms that can be accepted', async () => {
    const { jid } = await aNewsletter();
    const { jid: other } = await aNewsletter();
    const { socket } = await aFollower(jid);
    for (const text of ['one', 'two', 'three']) await post(jid, { text });
    const ask = async (attrs: Record<string, string>, body: BinaryNode) =>
      contentOf(
        (await socket.query({ tag: 'iq', attrs: { to: '@s.whatsapp.net', ...attrs }, content: [body] })) as BinaryNode,
      );
    const subscribed = {
      tag: 'query',
      attrs: { query_id: '6388546374527196' },
      content: Buffer.from('{"variables":{}}'),
    };
    const [result] = await ask({ type: 'get', xmlns: 'w:mex' }, subscribed);
    const { data } = JSON.parse(Buffer.from(result?.content as Uint8Array).toString()) as {
      data: { xwa2_newsletter_subscribed: { id: string }[] };
    };
    expect(data.xwa2_newsletter_subscribed.map(({ id }) => id)).toEqual([jid]);
    const page = async (attrs: Record<string, string>) =>
      contentOf((await ask({ type: 'get', xmlns: 'newsletter' }, { tag: 'messages', attrs }))[0]).map(
        (node) => node.attrs.server_id,
      );
    expect(await page({ type: 'jid', jid, count: '2' })).toEqual(['101', '102']);
    expect(await page({ type: 'jid', jid, count: '2', before: '101' })).toEqual(['100']);
    expect(await page({ type: 'jid', jid: other, count: '2' })).toEqual([]);
    await ask({ type: 'set', xmlns: 'tos' }, { tag: 'notice', attrs: { id: '20601218', stage: '5' } });
    const refused = ask({ type: 'set', xmlns: 'tos' }, { tag: 'notice', attrs: {} });
    await expect(refused).rejects.toMatchObject({ data: 400 });
  });

  it('answer a query with an unknown id with an error, and count it', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const ask = async (id: string, text: string) => {
      const attrs = { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:mex' };
      const query = { tag: 'query', attrs: { query_id: id }, content: Buffer.from(text) };
      const answer = (await client.socket.query({ tag: 'iq', attrs, content: [query] })) as BinaryNode;
      return JSON.parse(Buffer.from(contentOf(answer)[0]?.content as Uint8Array).toString()) as { errors: object[] };
    };
    expect((await ask('4711', '{}')).errors).toMatchObject([{ extensions: { error_code: 501 } }]);
    expect((await ask('8823471724422422', '{"vari')).errors).toMatchObject([{ extensions: { error_code: 400 } }]);
    expect((await ask('8823471724422422', '[]')).errors).toMatchObject([{ extensions: { error_code: 400 } }]);
    const { items } = await world.get<{ items: object[] }>('/unanswered');
    expect(items).toContainEqual({ kind: 'mex 4711', count: 1 });
  });
});
