import { createHash, randomBytes } from 'node:crypto';
import { Config } from '@app/platform/config/config.js';
import { OutboundSockets } from '@app/platform/outbound/outbound-sockets.js';
import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';
import { WaNetwork } from '@app/whatsapp/network.js';

describe('the network of WhatsApp as it is configured', () => {
  const stack = useStack();
  let network: WaNetwork;
  beforeAll(() => {
    const { WA_MEDIA_HOST: waMediaHost, WA_TLS_CA: waTlsCa } = stack.simulator.gatewayEnv;
    const config = Object.assign(new Config(), { waMediaHost, waTlsCa });
    network = new WaNetwork(config, new OutboundSockets(config));
  });
  afterAll(() => network.onApplicationShutdown());

  /** As Baileys downloads: with the `fetch` of this version of Node. */
  const download = (url: string) => fetch(url, { dispatcher: network.route(null).media } as object);

  it('leads downloads to the host that stands for those of WhatsApp, and verifies who answers', async () => {
    const [ana, ben] = [await stack.simulator.aContact('reader'), await stack.simulator.aContact('reader')];
    const order = { to: ben.pn, kind: 'document', sizeBytes: 300_000 };
    await stack.simulator.api.ok(`POST /accounts/${ana.pn}/media`, order);
    const file = await eventually('the file is uploaded', async () => {
      const { items } = await stack.simulator.api.ok<{ items: { path: string; sizeBytes: number }[] }>('GET /media');
      return items.at(-1) ?? false;
    });
    const [first, second] = [
      await download(network.downloadUrl(file.path)),
      await download(`https://pps.whatsapp.net${file.path}`),
    ];
    expect([first.status, second.status]).toEqual([200, 200]);
    const hash = async (answer: Response) =>
      createHash('sha256')
        .update(Buffer.from(await answer.arrayBuffer()))
        .digest('hex');
    expect(await hash(first)).toBe(await hash(second));
  });

  it('goes nowhere else, whatever host a message names', async () => {
    const [, port] = (stack.simulator.gatewayEnv.WA_MEDIA_HOST ?? '').split(':');
    for (const url of [
      'https://example.com/x',
      `https://localhost:${port}/x`,
      'http://mmg.whatsapp.net/x',
      'https://evil-whatsapp.net/x',
    ])
      await expect(download(url)).rejects.toMatchObject({ cause: { message: 'not a media host of WhatsApp' } });
    expect(network.downloadUrl('/v/x?y=1')).toBe('https://mmg.whatsapp.net/v/x?y=1');
  });

  it('downloads the history when a session is linked', async () => {
    const phone = stack.aPhone();
    const { api } = stack.simulator;
    const friend = await stack.simulator.aContact('silent');
    await api.ok('POST /accounts', { pn: phone, behaviour: 'phone' });
    // Chunks that can't be compressed to 64 kB come as files.
    const messages = Array.from({ length: 500 }, () => ({ text: randomBytes(300).toString('base64') }));
    const chats = [{ chat: friend.pn, messages }];
    await api.ok(`POST /accounts/${phone}/history`, { chats });
    // A fault that does nothing but count.
    const action = { kind: 'slow', bytesPerSec: 100_000_000 };
    await api.ok('POST /media/faults', { match: { direction: 'download', type: 'md-msg-hist' }, action });
    const tenant = await stack.gateway.aTenant();
    await tenant.aPairedSession(phone);
    await eventually('the history is fetched', async () => {
      const { items } = await api.ok<{ items: { hits: number }[] }>('GET /media/faults');
      return items[0]?.hits === 1;
    });
  });
});
