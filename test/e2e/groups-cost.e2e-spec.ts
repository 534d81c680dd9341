import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';

const GROUPS = 200;
const PEOPLE = 200;

describe('many large groups', () => {
  const stack = useStack();
  let session: GatewaySession;
  let phone: string;

  beforeAll(async () => {
    phone = stack.aPhone();
    await stack.simulator.api.ok('POST /accounts', { pn: phone });
    const { items } = await stack.simulator.api.ok<{ items: SimulatedContact[] }>('POST /accounts', {
      count: PEOPLE - 1,
      behaviour: 'sink',
    });
    const [owner = '', ...others] = items.map(({ pn }) => pn);
    for (let n = 0; n < GROUPS; n++)
      await stack.simulator.api.ok('POST /groups', { subject: `Group ${n}`, owner, members: [phone, ...others] });
    session = await (await stack.gateway.aTenant()).aPairedSession(phone);
  });

  const groups = async (participants = false) =>
    (await session.api.ok('GET /groups', { limit: 200, participants })).items;
  const lastSeq = async () => (await stack.simulator.api.ok<{ lastSeq: number }>('GET /stanzas?limit=1')).lastSeq;
  /** What the account asked WhatsApp about groups since then. */
  const asked = async (since: number) => {
    const query = `account=${phone}&tag=iq&direction=in&since=${since}&limit=1000`;
    const { items } = await stack.simulator.api.ok<{ items: { xml: string }[] }>(`GET /stanzas?${query}`);
    return items.map(({ xml }) => xml).filter((xml) => xml.includes('w:g2'));
  };
  const look = async () => {
    expect((await groups(true)).map(({ participants }) => participants?.length)).toEqual(
      Array.from({ length: GROUPS }, () => PEOPLE),
    );
  };
  const write = async ({ groupId }: { groupId: string }) => {
    expect(await session.api.ok(`GET /groups/${groupId}`)).toMatchObject({ size: PEOPLE });
    expect((await session.send(groupId, 'hello', { wait: true })).status).toMatch(/^(server_ack|delivered)$/);
  };

  it('are read once; looking at them and writing into them asks WhatsApp nothing, over a restart too', async () => {
    const all = await eventually('all groups are read', async () => {
      const found = await groups();
      return found.length === GROUPS && found;
    });
    expect((await asked(0)).filter((xml) => xml.includes('<participating'))).toHaveLength(1);
    const before = await lastSeq();
    await look();
    // The first message into a group takes its key to two hundred people: five of them are enough.
    for (let n = 0; n < 20; n++) for (const group of all.slice(n % 5, (n % 5) + 1)) await write(group);
    expect(await asked(before)).toEqual([]);

    await stack.gateway.kill();
    await stack.gateway.start();
    await session.becomes('connected');
    await eventually('it may write', () =>
      session.send(all[5]?.groupId ?? '', 'again', { wait: true }).catch(() => null),
    );
    await look();
    for (const group of all.slice(4, 6)) await write(group);
    expect(await asked(before)).toEqual([]);
  });
});
