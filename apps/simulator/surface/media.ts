import { createHash } from 'node:crypto';
import { writeFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadMediaMessage } from '@whiskeysockets/baileys';
import type { WAMessage } from '@whiskeysockets/baileys';
import sharp from 'sharp';
import type { Area, Stage } from './area.js';

/** A picture from the friend that can no longer be downloaded; the client's phone still has it. */
async function anExpiredPicture({ world, me, friend }: Stage): Promise<WAMessage> {
  const { body } = await world.post<{ id: string }>(`/accounts/${friend.pn}/media`, { to: me.pn, kind: 'image' });
  const message = await me.until(() => me.upserts.find((one) => one.message.key.id === body.id)?.message);
  await world.fileSeen(me.pn, body.id);
  await world.post('/media/expire', {});
  return message;
}

async function download(url: string | undefined, { me }: Stage): Promise<Buffer> {
  if (url === undefined) throw new Error('there is no picture');
  const response = await fetch(url, me.media.config.options);
  return Buffer.from(await response.arrayBuffer());
}

const aPicture = (colour: string): Promise<Buffer> =>
  sharp({ create: { width: 700, height: 700, channels: 3, background: colour } })
    .png()
    .toBuffer();

/** Media and pictures: the library's functions and events, each with its effect. */
export const media: Area = {
  title: 'media',
  functions: {
    refreshMediaConn: async ({ world, me }) => {
      const connection = await me.socket.refreshMediaConn(true);
      expect(connection.hosts).toEqual([{ hostname: world.simulator.mediaHost, maxContentLengthBytes: 2 * 1024 ** 3 }]);
      expect(connection.ttl).toBeGreaterThan(60);
      expect((await me.socket.refreshMediaConn(false)).auth).toBe(connection.auth);
    },
    getMediaHost: async ({ world, me }) => {
      await me.socket.refreshMediaConn(true);
      expect(me.socket.getMediaHost()).toBe(world.simulator.mediaHost);
    },
    waUploadToServer: async (stage) => {
      const bytes = Buffer.from('a file as it is');
      const file = join(tmpdir(), `upload-${process.pid}`);
      await writeFile(file, bytes);
      const fileEncSha256B64 = createHash('sha256').update(bytes).digest('base64');
      const { mediaUrl } = await stage.me.socket.waUploadToServer(file, { fileEncSha256B64, mediaType: 'document' });
      await rm(file);
      expect((await download(mediaUrl, stage)).equals(bytes)).toBe(true);
    },
    updateMediaMessage: async (stage) => {
      const { me } = stage;
      const message = await anExpiredPicture(stage);
      const options = { options: me.media.config.options ?? {} };
      await expect(downloadMediaMessage(message, 'buffer', options)).rejects.toMatchObject({
        output: { statusCode: 410 },
      });
      const updated = await me.socket.updateMediaMessage(message);
      expect((await sharp(await downloadMediaMessage(updated, 'buffer', options)).metadata()).width).toBe(320);
    },
    updateProfilePicture: async (stage) => {
      const { world, me } = stage;
      await me.socket.updateProfilePicture(me.creds.me?.id ?? '', await aPicture('red'));
      const { url } = await world.get<{ url: string }>(`/accounts/${me.pn}/picture`);
      expect(await sharp(await download(url, stage)).metadata()).toMatchObject({ format: 'jpeg', width: 640 });
    },
    profilePictureUrl: async (stage) => {
      const { world, me, friend } = stage;
      await expect(me.socket.profilePictureUrl(friend.jid)).rejects.toMatchObject({ data: 404 });
      await world.put(`/accounts/${friend.pn}/picture`);
      const [small, large] = [
        await me.socket.profilePictureUrl(friend.jid, 'preview'),
        await me.socket.profilePictureUrl(`${friend.lid}@lid`, 'image'),
      ];
      expect((await sharp(await download(small, stage)).metadata()).width).toBe(96);
      expect((await sharp(await download(large, stage)).metadata()).width).toBe(640);
    },
    removeProfilePicture: async ({ world, me }) => {
      const own = me.creds.me?.id ?? '';
      await me.socket.updateProfilePicture(own, await aPicture('blue'));
      await me.socket.removeProfilePicture(own);
      await expect(me.socket.profilePictureUrl(own)).rejects.toMatchObject({ data: 404 });
      expect(await world.get(`/accounts/${me.pn}/picture`)).toMatchObject({ code: 'picture.none' });
    },
  },
  events: {
    'messages.media-update': async (stage) => {
      const { me } = stage;
      const message = await anExpiredPicture(stage);
      await me.socket.updateMediaMessage(message);
      const isIts = ({ key }: { key: { id?: string | null } }) => key.id === message.key.id;
      const updates = await me.event('messages.media-update', (all) => all.some(isIts));
      expect(updates.find(isIts)).toMatchObject({ key: { remoteJid: stage.friend.jid, fromMe: false } });
      expect(updates.find(isIts)?.media?.iv.length).toBe(12);
    },
  },
};
