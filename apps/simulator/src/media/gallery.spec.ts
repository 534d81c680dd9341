import { Agent, createServer } from 'node:https';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Account } from '../world/account.js';
import { Clock } from '../world/clock.js';
import { Companion } from '../world/companion.js';
import { Seed } from '../world/seed.js';
import { Gallery } from './gallery.js';
import { MediaStore } from './media-store.js';
import type { MediaSite } from './media-store.js';
import { createTlsIdentity } from './tls-authority.js';

describe('the gallery of a phone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gallery-'));
  const account = new Account('628110000001', '100', 'Ann');
  const document = { documentMessage: { mimetype: 'text/plain', directPath: '/v/1' } };
  let answer: RequestListener = () => undefined;
  let server: Server;
  /** Below TLS, which cannot reset a connection itself. */
  let wire: Socket | undefined;
  let media: MediaStore;
  let gallery: Gallery;

  beforeAll(async () => {
    const { key, cert, authority } = await createTlsIdentity(['localhost']);
    server = createServer({ key, cert }, (request, response) => answer(request, response));
    server.on('connection', (socket: Socket) => (wire = socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const inside = { host: '127.0.0.1', port, servername: 'localhost', agent: new Agent({ ca: authority }) };
    const site: MediaSite = { host: '', inside, folder, ttlMs: 1, maxBytes: 1000, maxTotalBytes: 1000 };
    const core = { clock: new Clock(), seed: new Seed('gallery'), logger: pino({ level: 'silent' }) };
    media = new MediaStore(core, site);
    gallery = new Gallery(account, media);
    account.devices.set(1, Object.create(Companion.prototype) as Companion);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  async function opened(id: string) {
    const seen = gallery.open(id, document);
    await gallery.find(id);
    return seen;
  }
  const filesKept = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  it('notes that a connection was reset in the middle of a file, and keeps nothing of it', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('the beginning', () => wire?.resetAndDestroy());
    };
    expect(await opened('reset')).toMatchObject({ ok: false });
    expect(filesKept()).toEqual([]);
  });

  it('keeps a file once, also when its message comes again, and only as long as there is room', async () => {
    answer = (_request, response) => response.end('x'.repeat(400));
    for (const id of ['one', 'one', 'two']) expect(await opened(id)).toMatchObject({ ok: true, sizeBytes: 400 });
    expect(await gallery.uploadAgain('missing')).toBeUndefined();
    await opened('three');
    // The first copy had to go; the phone still knows the message.
    expect(await gallery.uploadAgain('one')).toBeUndefined();
    expect(await gallery.find('one')).toBeTruthy();
    expect(await gallery.uploadAgain('three')).toBeTruthy();
  });

  it('survives that its folder is gone', async () => {
    await media.close();
    expect(await opened('late')).toMatchObject({ ok: false });
  });
});
