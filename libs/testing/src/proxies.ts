import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy that was started for a test, with what came through it. */
export interface TestProxy {
  port: number;
  /** `host:port` of every connection, in order. */
  targets: string[];
  /** Logins that were refused. */
  refused: number;
  stop(): Promise<void>;
}

/** How a client shows who it is. */
export interface ProxyLogin {
  name: string;
  password: string;
}

async function started(server: Server, proxy: Omit<TestProxy, 'port' | 'stop'>): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    if (server.listening) await once(server, 'close');
  };
  return Object.assign(proxy, { port, stop });
}

function join(client: Socket, host: string, port: number, onOpen: () => void): void {
  const target = connect(port, host, () => {
    onOpen();
    target.pipe(client);
    client.pipe(target);
  });
  target.on('error', () => client.destroy());
  client.on('close', () => target.destroy());
}

/** An HTTP proxy that knows CONNECT, and wants a login. */
export function startHttpProxy({ name, password }: ProxyLogin): Promise<TestProxy> {
  const proxy = { targets: [] as string[], refused: 0 };
  const expected = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  const server = createHttpServer((_, reply) => reply.writeHead(405).end());
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    if (headers['proxy-authorization'] !== expected) {
      proxy.refused++;
      return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    }
    proxy.targets.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    join(socket, hostname, Number(port || 80), () => socket.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
  });
  return started(server, proxy);
}

/** A SOCKS5 proxy that wants a login. */
export function startSocksProxy({ name, password }: ProxyLogin): Promise<TestProxy> {
  const proxy = { targets: [] as string[], refused: 0 };
  const server = createServer((socket) => {
    const read = reader(socket);
    void (async () => {
      const [, methods = 0] = await read(2);
      await read(methods);
      socket.write(Buffer.of(5, 2));
      const [, nameLength = 0] = await read(2);
      const givenName = (await read(nameLength)).toString();
      const [passwordLength = 0] = await read(1);
      const isKnown = givenName === name && (await read(passwordLength)).toString() === password;
      socket.write(Buffer.of(1, isKnown ? 0 : 1));
      if (!isKnown) {
        proxy.refused++;
        return socket.end();
      }
      const [, , , type] = await read(4);
      const host = type === 3 ? (await read((await read(1))[0] ?? 0)).toString() : (await read(4)).join('.');
      const port = (await read(2)).readUInt16BE();
      proxy.targets.push(`${host}:${port}`);
      socket.removeAllListeners('readable');
      join(socket, host, port, () => socket.write(Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)));
    })().catch(() => socket.destroy());
  });
  return started(server, proxy);
}

const reader = (socket: Socket) => async (bytes: number) => {
  if (bytes === 0) return Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read(bytes) as Buffer | null;
    if (chunk) return chunk;
    await once(socket, 'readable');
  }
};
