import { proto } from '@whiskeysockets/baileys';
import { fillFiles } from './fill-files.js';
import { fileReference, mayAwaitFiles, type UploadedFile } from './file-slots.js';
import { fileOf } from './wa-files.js';

const uploaded = (name: string): UploadedFile => ({
  url: `https://mmg.whatsapp.net/${name}`,
  directPath: `/${name}`,
  sealed: { mediaKey: Buffer.alloc(32, 1), fileEncSha256: Buffer.alloc(32, 2) },
  fileSha256: Buffer.alloc(32, 3),
  sizeBytes: 7,
  uploadedAt: new Date('2026-01-01T00:00:00Z'),
});
const serialise = (message: proto.IMessage) =>
  Buffer.from(proto.Message.encode(proto.Message.create(message)).finish());
const thumbnail = Buffer.from('thumbnail');
const fill = async (message: proto.IMessage) => {
  const bytes = await fillFiles(serialise(message), (fileId) =>
    Promise.resolve({ file: uploaded(fileId), looks: { thumbnail, waveform: Buffer.alloc(64, 9) } }),
  );
  return { bytes, message: proto.Message.decode(bytes) };
};

describe('files that a message waits for', () => {
  it('are put in wherever they are: wrapped, in cards, in what is quoted', async () => {
    const waiting: proto.IMessage = {
      viewOnceMessage: {
        message: {
          imageMessage: {
            url: fileReference('one'),
            caption: 'kept',
            contextInfo: { quotedMessage: { documentMessage: { url: fileReference('two') } } },
          },
        },
      },
    };
    expect(mayAwaitFiles(serialise(waiting))).toBe(true);
    const { bytes, message } = await fill(waiting);
    expect(mayAwaitFiles(bytes)).toBe(false);
    const image = message.viewOnceMessage?.message?.imageMessage;
    expect(image).toMatchObject({ caption: 'kept', directPath: '/one', jpegThumbnail: thumbnail });
    expect(image?.contextInfo?.quotedMessage?.documentMessage?.directPath).toBe('/two');
    expect(fileOf(bytes)).toMatchObject({ field: 'imageMessage', path: '/one' });
  });

  it('bring what the type shows: a waveform, but no picture, for a voice note', async () => {
    const { message } = await fill({ audioMessage: { url: fileReference('three'), ptt: true } });
    expect(message.audioMessage?.waveform).toHaveLength(64);
    expect(message.audioMessage).not.toHaveProperty('jpegThumbnail');
  });

  it('are none where words only look like it', async () => {
    const text = { conversation: fileReference('four') };
    expect((await fill(text)).message.conversation).toBe(text.conversation);
  });

  it('are looked for at WhatsApp alone, whatever host a sender names', () => {
    const elsewhere = serialise({ imageMessage: { url: 'https://10.0.0.1/secret?x=1', mediaKey: Buffer.alloc(32) } });
    expect(fileOf(elsewhere)?.path).toBe('/secret?x=1');
    expect(fileOf(serialise({ conversation: 'words' }))).toBeNull();
  });
});
