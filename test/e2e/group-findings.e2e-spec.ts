import type { EventBody } from '@app/testing/gateway-process.js';
import { eventually } from '@app/testing/eventually.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

type Data = EventBody['data'];

describe('what happened in groups while nobody told the account', () => {
  const linked = useSession();
  const { stack } = linked;
  let people: SimulatedContact[];
  beforeAll(async () => {
    people = [];
    for (const name of ['Ana', 'Ben', 'Cid', 'Dora']) people.push(await stack.simulator.aContact('reader', { name }));
    // From now on what is found is news.
    await eventually('all groups are read', () => linked.session.api.ok('POST /groups/sync').catch(() => null));
  });

  const simulate = <T = { jid: string }>(route: string, body?: object) => stack.simulator.api.ok<T>(route, body);
  const told = (type: string, fits: (data: Data) => boolean) => linked.told(type, ({ data }) => fits(data));
  const eventsIn = async (groupId: string) =>
    (await linked.tenant.events('group.*')).filter(({ data }) => data.chatId === groupId);
  /** Each event in few words. */
  const story = async (groupId: string) =>
    (await eventsIn(groupId)).map(({ type, data }) => {
      const { change, participants = [], changes, how, reason } = data;
      const who = (participants as { waId: string }[]).map(({ waId }) => waId);
      return type === 'group.participants' ? [change, ...who] : [type, changes ?? how ?? reason];
    });

  it('is told when they are read, and not again when WhatsApp tells it after all', async () => {
    const [ana, ben, cid, dora] = people.map(({ pn }) => pn) as [string, string, string, string];
    const { phone } = linked;
    const { jid: choir } = await simulate('POST /groups', {
      subject: 'Choir',
      owner: ana,
      members: [phone, ben, dora],
    });
    const { jid: team } = await simulate('POST /groups', { subject: 'Team', owner: ana, members: [phone] });
    for (const jid of [choir, team]) await told('group.created', ({ chatId }) => chatId === jid);

    const match = { account: phone, tag: 'notification', direction: 'out' };
    await simulate('POST /faults', { match, action: { kind: 'drop' } });
    await simulate(`PATCH /groups/${choir}`, {
      by: ana,
      subject: 'Quartet',
      description: 'We sing',
      announcement: true,
    });
    await simulate(`PATCH /groups/${choir}`, { by: ana, add: [cid], remove: [dora], promote: [ben] });
    await simulate(`PATCH /groups/${team}`, { by: ana, remove: [phone] });
    const { jid: late } = await simulate('POST /groups', { subject: 'Late', owner: ana, members: [phone] });
    expect(await eventsIn(late)).toEqual([]);
    expect(await linked.session.api.ok('POST /groups/sync')).toMatchObject({ groups: 2 });

    const found = [
      ['group.created', 'founded'],
      ['group.updated', { subject: 'Quartet' }],
      ['group.updated', { description: 'We sing' }],
      ['group.updated', { isAnnouncement: true }],
      ['added', cid],
      ['removed', dora],
      ['promoted', ben],
    ];
    expect(await story(choir)).toEqual(found);
    const renamed = await told(
      'group.updated',
      ({ chatId, changes }) => chatId === choir && 'subject' in (changes as Data),
    );
    expect(renamed.data).toMatchObject({ by: { waId: ana }, fromMe: false });
    const left = [
      ['group.created', 'founded'],
      ['removed', phone],
      ['group.left', 'removed'],
    ];
    expect(await story(team)).toEqual(left);
    const joined = await told('group.created', ({ chatId }) => chatId === late);
    expect(joined.data).toMatchObject({ how: 'added', by: null, group: { subject: 'Late' } });
    expect((joined.data.participants as object[]).length).toBe(2);
    expect(await linked.session.api.ok('POST /groups/sync')).toMatchObject({ groups: 2 });
    expect(await story(choir)).toEqual(found);

    await stack.gateway.kill();
    await simulate('DELETE /faults');
    await stack.gateway.start();
    await linked.session.becomes('connected');
    await simulate(`PATCH /groups/${choir}`, { by: ana, subject: 'Trio' });
    await told('group.updated', ({ chatId, changes }) => chatId === choir && (changes as Data).subject === 'Trio');
    await simulate(`PATCH /groups/${choir}`, { by: ana, subject: 'Quartet', add: [dora] });
    await told('group.participants', ({ chatId, change, participants }) => {
      return chatId === choir && change === 'added' && JSON.stringify(participants).includes(dora);
    });
    expect(await story(choir)).toEqual([
      ...found,
      ['group.updated', { subject: 'Trio' }],
      ['group.updated', { subject: 'Quartet' }],
      ['added', dora],
    ]);
    expect(await story(team)).toEqual(left);
    expect(await story(late)).toEqual([['group.created', 'added']]);
  });

  it('is no news of a group that was forgotten on request', async () => {
    const [ana] = people;
    const { jid } = await simulate('POST /groups', { subject: 'Known', owner: ana?.pn, members: [linked.phone] });
    await told('group.created', ({ chatId }) => chatId === jid);
    expect(await linked.session.api.call(`DELETE /groups/${jid}`)).toMatchObject({ status: 204 });
    await linked.session.api.ok('POST /groups/sync');
    expect(await linked.session.api.ok(`GET /groups/${jid}`)).toMatchObject({ subject: 'Known', ownRole: 'member' });
    expect(await story(jid)).toEqual([['group.created', 'founded']]);
  });

  it('is told when the account is linked again', async () => {
    const [ana] = people.map(({ pn }) => pn);
    const { jid } = await simulate('POST /groups', { subject: 'Club', owner: ana, members: [linked.phone] });
    await told('group.created', ({ chatId }) => chatId === jid);
    await linked.session.api.ok('POST /logout');
    await linked.session.becomes('logged_out');
    await simulate(`PATCH /groups/${jid}`, { by: ana, subject: 'Clubhouse' });
    await linked.session.pair(linked.phone);
    await told('group.updated', ({ chatId, changes }) => chatId === jid && (changes as Data).subject === 'Clubhouse');
    expect(await linked.session.api.ok(`GET /groups/${jid}`)).toMatchObject({ subject: 'Clubhouse' });
  });
});
