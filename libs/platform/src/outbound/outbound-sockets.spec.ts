import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Config } from '../config/config.js';
import { OutboundSockets } from './outbound-sockets.js';

/** Answers each lookup with the next address. */
class Rebinding extends OutboundSockets {
  answers: string[] = [];
  protected override resolve = ((_host: string, _options: object, done: (...result: unknown[]) => void) => {
    done(null, [{ address: this.answers.shift(), family: 4 }]);
  }) as never;
}

describe('OutboundSockets', () => {
  let server: Server;
  let port: number;
  let connections = 0;
  const sockets = (...outboundAllow: string[]) => new OutboundSockets(Object.assign(new Config(), { outboundAllow }));
  const connected = async (made: OutboundSockets, host: string) => {
    const socket = made.connect({ host, port });
    await once(socket, 'connect').finally(() => socket.destroy());
  };

  beforeAll(async () => {
    server = createServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => void server.close());
  beforeEach(() => (connections = 0));

  it.each([
    '127.0.0.1',
    '[::1]',
    '::ffff:127.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '169.254.169.254',
    'localhost',
    'a.localhost.',
  ])('refuse %s, whichever way a client connects', async (host) => {
    const refusal = { code: 'outbound.refused', extra: { errors: [{ pointer: '/url' }] } };
    const asserted = (async () => sockets().assertAllowed(host, '/url'))();
    await expect(asserted).rejects.toMatchObject(refusal);
    await expect(sockets().addressOf(host)).rejects.toMatchObject({ code: 'outbound.refused' });
    await expect(connected(sockets(), host)).rejects.toMatchObject({ code: 'outbound.refused' });
    expect(connections).toBe(0);
  });

  it.each(['127.0.0.1', 'localhost'])('connect to %s when OUTBOUND_ALLOW opens it', async (host) => {
    await connected(sockets(host), host);
    expect(await sockets(host).addressOf(host)).toMatchObject({
      address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as string,
    });
  });

  it('connect to no address that a name has only the second time', async () => {
    const made = new Rebinding(new Config());
    made.answers = ['93.184.216.34', '127.0.0.1', '127.0.0.1'];
    expect(await made.addressOf('rebinding.example')).toEqual({ address: '93.184.216.34', family: 4 });
    await expect(made.addressOf('rebinding.example')).rejects.toMatchObject({ code: 'outbound.refused' });
    await expect(connected(made, 'rebinding.example')).rejects.toMatchObject({ code: 'outbound.refused' });
    expect([connections, made.answers]).toEqual([0, []]);
  });
});
