import { useSimulator } from '../test-kit/use-simulator.js';
import { disconnects } from './disconnects.js';

describe('a connection ends with', () => {
  const world = useSimulator({ seed: 'disconnects' });

  it.each(disconnects)('$trigger: $statusCode', async ({ cause, config = {}, isLinked, statusCode }) => {
    const client = world.aClient(config);
    if (isLinked) await client.pair(world.aNumber());
    await cause(client, world);
    expect(await client.ended()).toEqual({ statusCode });
  });

  it('with a refused WebSocket nothing: the library waits on, until it is ended', async () => {
    const client = world.aClient();
    await world.post('/faults', { match: {}, action: { kind: 'rejectUpgrade', status: 503 }, times: 1 });
    client.connect();
    const status = await new Promise((resolve) =>
      client.socket.ws.on('unexpected-response', (_request: unknown, { statusCode }: { statusCode: number }) =>
        resolve(statusCode),
      ),
    );
    expect(status).toBe(503);
    expect(client.ending).toBeUndefined();
  });
});
