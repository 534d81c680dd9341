import { useSimulator } from '../test-kit/use-simulator.js';

describe('a large network', () => {
  const world = useSimulator();

  it('is filled with 5 000 people in one order, and serves others meanwhile', async () => {
    const steps: string[] = [];
    const order = { count: 5_000, behaviour: 'echo' };
    const filling = world.post<{ items: { pn: string; lid: string }[] }>('/accounts', order).then((answer) => {
      steps.push('filled');
      return answer;
    });
    await world.get('/health');
    steps.push('served');
    const { status, body } = await filling;
    expect([status, body.items.length, steps]).toEqual([201, 5_000, ['served', 'filled']]);
    expect(new Set(body.items.flatMap(({ pn, lid }) => [pn, lid])).size).toBe(10_000);

    const last = body.items.at(-1)?.pn ?? '';
    const client = await world.aClient().pair(world.aNumber());
    await client.sendText(last, 'one of many');
    await client.received('one of many');
  });
});
