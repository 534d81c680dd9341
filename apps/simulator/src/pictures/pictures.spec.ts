import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';
import { photo } from '../media/samples/pictures.js';

describe('pictures', () => {
  const world = useSimulator({ seed: 'pictures' });
  let ann: BaileysClient;
  let ben: BaileysClient;
  let picture: Buffer;
  const jid = (client: BaileysClient): string => `${client.pn}@s.whatsapp.net`;
  const isOf = (id: string, imgUrl: string) => (updates: { id?: string; imgUrl?: string | null }[]) =>
    updates.some((update) => update.id === id && update.imgUrl === imgUrl);

  beforeAll(async () => {
    [ann, ben] = [await world.aClient().pair(world.aNumber()), await world.aClient().pair(world.aNumber())];
    picture = await photo('test', 640, 640);
    // Who has written to somebody knows that person from then on.
    await ben.sendText(ann.pn, 'hello');
    await ann.received('hello');
  });

  async function aGroup(order: object = {}): Promise<string> {
    const group = { subject: 'Chess', owner: ann.pn, members: [ben.pn], addressing: 'pn', ...order };
    const { body } = await world.post<{ jid: string }>('/groups', group);
    return body.jid;
  }
  async function write(by: BaileysClient, target: string | undefined, content?: Buffer): Promise<unknown> {
    const attrs = { to: '@s.whatsapp.net', type: 'set', xmlns: 'w:profile:picture', ...(target && { target }) };
    return by.socket.query({ tag: 'iq', attrs, content: content && [{ tag: 'picture', attrs: {}, content }] });
  }

  it('tells those who know a person about a new picture and about its end', async () => {
    await ann.socket.updateProfilePicture(jid(ann), picture);
    await ben.event('contacts.update', isOf(jid(ann), 'changed'));
    const url = await ben.socket.profilePictureUrl(jid(ann), 'image');
    await ann.socket.removeProfilePicture(jid(ann));
    await ben.event('contacts.update', isOf(jid(ann), 'removed'));
    expect((await fetch(url ?? '', ben.media.config.options)).status).toBe(410);
  });

  it('tells the other clients of the same person, not the one that did it', async () => {
    const second = await world.aClient().pair(ann.pn);
    const before = ann.events.filter(({ name }) => name === 'contacts.update').length;
    await ann.socket.updateProfilePicture(jid(ann), picture);
    await second.event('contacts.update', isOf(jid(ann), 'changed'));
    await ann.settle();
    expect(ann.events.filter(({ name }) => name === 'contacts.update')).toHaveLength(before);
    await second.close();
  });

  it('hides a picture from those who may not see it', async () => {
    await ann.socket.updateProfilePicture(jid(ann), picture);
    await ann.socket.updateProfilePicturePrivacy('none');
    await expect(ben.socket.profilePictureUrl(jid(ann))).rejects.toMatchObject({ data: 401 });
    expect(await ann.socket.profilePictureUrl(jid(ann))).toContain(world.simulator.mediaHost);
    const before = ben.events.length;
    await ann.socket.updateProfilePicture(jid(ann), picture);
    await ben.settle();
    expect(ben.events.slice(before).filter(({ name }) => name === 'contacts.update')).toEqual([]);
    await ann.socket.updateProfilePicturePrivacy('all');
    await expect(ben.socket.profilePictureUrl(jid(ann))).resolves.toBeTruthy();
  });

  it('gives groups pictures, and tells all members who did it', async () => {
    const group = await aGroup();
    await ann.socket.updateProfilePicture(group, picture);
    const isIcon = ({
      message,
    }: {
      message: { key: { remoteJid?: string | null }; messageStubType?: number | null };
    }) => message.key.remoteJid === group && message.messageStubType === 22;
    const { message } = await ben.until(() => ben.upserts.find(isIcon));
    expect(String(message.messageStubParameters)).toMatch(/^\d+$/);
    expect(message.key.participant).toBe(jid(ann));
    const url = await ben.socket.profilePictureUrl(group, 'image');
    expect((await fetch(url ?? '', ben.media.config.options)).headers.get('content-type')).toBe('image/jpeg');
    await ben.socket.removeProfilePicture(group);
    await ann.event('contacts.update', isOf(group, 'removed'));
  });

  it('refuses what is not allowed, not there or no picture', async () => {
    const locked = await aGroup({ locked: true });
    await expect(write(ben, locked, picture)).rejects.toMatchObject({ data: 403 });
    const foreign = await aGroup({ members: [] });
    await expect(write(ben, foreign, picture)).rejects.toMatchObject({ data: 403 });
    await expect(ben.socket.profilePictureUrl(foreign)).rejects.toMatchObject({ data: 401 });
    await expect(write(ben, jid(ann), picture)).rejects.toMatchObject({ data: 403 });
    await expect(write(ben, '999999@s.whatsapp.net', picture)).rejects.toMatchObject({ data: 404 });
    await expect(write(ben, undefined, Buffer.from('no picture'))).rejects.toMatchObject({ data: 406 });
    await expect(ben.socket.profilePictureUrl('999999@s.whatsapp.net')).rejects.toMatchObject({ data: 404 });
  });

  it('can be given and taken away through the control API', async () => {
    const { pn } = await world.aContact();
    expect(await world.get(`/accounts/${pn}/picture`)).toMatchObject({ status: 404, code: 'picture.none' });
    const { body } = await world.put<{ id: string; url: string }>(`/accounts/${pn}/picture`);
    expect(await world.get(`/accounts/${pn}/picture`)).toEqual(body);
    expect((await fetch(body.url, ann.media.config.options)).status).toBe(200);
    expect((await world.remove(`/accounts/${pn}/picture`)).status).toBe(204);
    expect((await world.remove(`/accounts/${pn}/picture`)).body).toMatchObject({ code: 'picture.none' });
    const own = picture.toString('base64');
    await world.put(`/accounts/${pn}/picture`, { contentBase64: own });
    const { url: ownUrl } = await world.get<{ url: string }>(`/accounts/${pn}/picture`);
    const shown = await fetch(ownUrl, ann.media.config.options);
    expect(
      Buffer.from(await shown.arrayBuffer())
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
    const text = Buffer.from('a text').toString('base64');
    expect(await world.put(`/accounts/${pn}/picture`, { contentBase64: text })).toMatchObject({
      status: 422,
      body: { code: 'picture.not-acceptable' },
    });
    const group = await aGroup();
    expect(await world.put(`/groups/${group}/picture`, { by: pn })).toMatchObject({
      status: 403,
      body: { code: 'picture.forbidden' },
    });
    expect(await world.put(`/groups/${group}/picture`, { by: ben.pn })).toMatchObject({ status: 200 });
    await ann.event('contacts.update', isOf(group, 'changed'));
    const { url } = await world.get<{ url: string }>(`/groups/${group}/picture`);
    await world.remove(`/groups/${group}`);
    expect((await fetch(url, ann.media.config.options)).status).toBe(410);
    expect(await world.put('/groups/1@g.us/picture')).toMatchObject({ body: { code: 'group.unknown' } });
  });
});
