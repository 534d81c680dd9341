import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useSimulator } from '../../test-kit/use-simulator.js';
import { createSimulator } from '../create-simulator.js';
import { worldNamed } from './built-in.js';

describe('a network that starts with a world', () => {
  const world = useSimulator({ seed: 'worlds', world: worldNamed('small') });

  it('knows the people of the small world by name', async () => {
    const { items } = await world.get<{ items: { name: string; behaviour: string }[] }>('/accounts');
    expect(items).toContainEqual(expect.objectContaining({ name: 'Echo', behaviour: 'echo' }));
    expect(items.length).toBeGreaterThanOrEqual(8);
  });

  it('has a past: messages were exchanged before any client was linked', async () => {
    const { items } = await world.get<{ items: { text: string }[] }>('/messages?account=12025550101');
    expect(items.map(({ text }) => text).slice(0, 3)).toEqual([
      'Are you coming on Friday?',
      'Great, see you then!',
      'The parcel is on its way.',
    ]);
  });
});

describe('a client linked to the small world', () => {
  const world = useSimulator({ seed: 'worlds', world: worldNamed('small') });

  it('is told its past, its groups, the community and the newsletter', async () => {
    const client = await world.aClient().pair('12025550101');
    const history = await client.event('messaging-history.set', ({ messages }) => messages.length > 0);
    expect(history.chats.map(({ id }) => id)).toContain('12025550103@s.whatsapp.net');
    const groups = Object.values(await client.socket.groupFetchAllParticipating());
    const subjects = groups.map(({ subject }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(['Friday dinner', 'Office', 'Our street']));
    const { items } = await world.get<{ items: { jid: string }[] }>('/newsletters');
    const newsletter = await client.socket.newsletterMetadata('jid', items[0]!.jid);
    expect(newsletter).toMatchObject({ thread_metadata: { name: { text: 'Corner Bakery' } } });
    expect(await client.socket.profilePictureUrl('12025550103@s.whatsapp.net')).toMatch(/^https:/);
  });
});

describe('a bad day', () => {
  const world = useSimulator({ seed: 'worlds', world: worldNamed('small,chaos') });

  it('comes on top of any world', async () => {
    expect((await world.get<{ items: object[] }>('/faults')).items.length).toBeGreaterThan(8);
    expect((await world.get<{ items: object[] }>('/accounts')).items.length).toBeGreaterThan(6);
  });
});

describe('a world of one’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-world-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (content: unknown) => {
    const path = join(folder, 'world.json');
    writeFileSync(path, JSON.stringify(content));
    return path;
  };

  it('is read from a file, and its steps can refer to what earlier ones were answered', async () => {
    const steps = [
      { call: 'POST /accounts', body: { name: 'Ines' }, as: 'ines' },
      { call: 'POST /accounts', body: { pn: '4915112345', name: 'Jo' } },
      { call: 'POST /accounts/4915112345/send', body: { to: '{{ines.items.0.pn}}', text: 'Hi' } },
    ];
    const simulator = await createSimulator({ seed: 'own', world: worldNamed(file(steps)) });
    const headers = { authorization: `Bearer ${simulator.token}` };
    const answer = await fetch(`${simulator.url}/messages/stats?account=4915112345`, { headers });
    expect(await answer.json()).toMatchObject({ sent: 1 });
    await simulator.close();
  });

  it.each([
    [[{ call: 'POST /accounts', body: { colour: 'red' } }], /step 1 of the world, POST \/accounts: .*request\.invalid/],
    [[{ call: 'POST /accounts/{{nobody.pn}}/send', body: {} }], /refers to \{\{nobody\.pn\}\}/],
  ])('stops with the step that cannot be carried out: %j', async (steps, message) => {
    await expect(createSimulator({ world: worldNamed(file(steps)) })).rejects.toThrow(message);
  });

  it('must be a list of calls', () => {
    expect(() => worldNamed(file({ people: [] }))).toThrow('is not a list of');
  });
});
