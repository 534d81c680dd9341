import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayProcess } from '@app/testing/gateway-process.js';
import { SimulatorProcess } from '@app/testing/simulator-process.js';

describe('the network is configuration', () => {
  let networks: SimulatorProcess[] = [];
  const gateways: GatewayProcess[] = [];
  beforeAll(async () => {
    networks = await Promise.all([SimulatorProcess.start(), SimulatorProcess.start()]);
  });
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.dispose()));
    await Promise.all(networks.map((network) => network.stop()));
  });

  it('works unchanged on another server with other keys', async () => {
    expect(networks[0]!.gatewayEnv.WA_ROOT_KEY).not.toBe(networks[1]!.gatewayEnv.WA_ROOT_KEY);
    for (const network of networks) {
      const gateway = await GatewayProcess.start(network);
      gateways.push(gateway);
      const session = await (await gateway.aTenant()).aPairedSession('6281300000001');
      const echo = await network.aContact('echo');
      expect(await session.send(echo.pn, 'hi', { wait: true })).toMatchObject({
        status: expect.stringMatching(/^(server_ack|delivered|read)$/) as string,
      });
    }
  });

  it('tries again when something that is no WhatsApp answers', async () => {
    const proxy = createServer((_, response) => response.writeHead(503).end());
    proxy.on('upgrade', (_, socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n'));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const gateway = await GatewayProcess.start(networks[0]!, { WA_SOCKET_URL: `ws://127.0.0.1:${port}/ws/chat` });
    gateways.push(gateway);
    const session = await (await gateway.aTenant()).aSession();
    await session.start();
    expect(await session.becomes('disconnected')).toMatchObject({ reason: 'service_unavailable' });
    proxy.close();
  });

  it('does not talk to a server whose key it was not told to trust', async () => {
    const { WA_SOCKET_URL } = networks[1]!.gatewayEnv;
    const gateway = await GatewayProcess.start(networks[0]!, { WA_SOCKET_URL: WA_SOCKET_URL! });
    gateways.push(gateway);
    const session = await (await gateway.aTenant()).aSession();
    await session.start();
    expect(await session.becomes('disconnected')).toMatchObject({ reason: 'untrusted_server', me: null });
  });
});
