import { eventually } from '@app/testing/eventually.js';
import type { EventBody } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useSession } from '@app/testing/use-session.js';

type Data = Record<string, unknown>;

describe('events of everything that happens on WhatsApp', () => {
  const linked = useSession();
  let phone: string;
  let ana: SimulatedContact;
  let ben: SimulatedContact;

  beforeAll(async () => {
    ({ phone } = linked);
    [ana, ben] = [
      await stack.simulator.aContact('reader', { name: 'Ana' }),
      await stack.simulator.aContact('reader', { name: 'Ben' }),
    ];
  });

  const { stack } = linked;
  const simulate = <T = { jid: string }>(route: string, body?: object) => stack.simulator.api.ok<T>(route, body);
  const told = async (type: string, fits: (data: Data) => boolean): Promise<Data> =>
    (await linked.told(type, ({ data }) => fits(data))).data;
  const person = ({ pn, lid }: SimulatedContact) =>
    expect.objectContaining({ waId: pn, phone: pn, lid: `${lid}@lid` }) as unknown;
  const me = () => expect.objectContaining({ waId: phone, phone }) as unknown;

  describe('groups', () => {
    let jid: string;
    const about =
      (chatId: string, rest: (data: Data) => boolean = () => true) =>
      (data: Data) =>
        data.chatId === chatId && rest(data);
    const change = (order: object) => simulate(`PATCH /groups/${jid}`, { by: ana.pn, ...order });

    it('that the account is put into', async () => {
      const group = { subject: 'Choir', owner: ana.pn, members: [phone, ben.pn] };
      ({ jid } = await simulate('POST /groups', group));
      const data = await told('group.created', about(jid));
      expect(data).toMatchObject({
        how: 'founded',
        by: person(ana),
        fromMe: false,
        group: { subject: 'Choir', membersMayAdd: true },
      });
      expect(data.participants).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ waId: ana.pn, role: 'superadmin' }),
          expect.objectContaining({ waId: phone, role: 'member' }),
          expect.objectContaining({ waId: ben.pn, lid: `${ben.lid}@lid`, role: 'member' }),
        ]),
      );
    });

    it('every change, however close they come', async () => {
      const settings = { announcement: true, locked: true, disappearingSeconds: 86_400, joinApproval: true };
      await change({ subject: 'Quartet', description: 'We sing', memberAddMode: 'admin_add', ...settings });
      await change({ renewInvite: true });
      await simulate(`PUT /groups/${jid}/picture`, { by: ana.pn });
      const expectations = [
        { subject: 'Quartet' },
        { description: 'We sing' },
        { isAnnouncement: true },
        { isLocked: true },
        { disappearingSeconds: 86_400 },
        { needsApproval: true },
        { membersMayAdd: false },
        { picture: 'changed' },
      ];
      for (const expected of expectations) {
        const isSo = (data: Data) => JSON.stringify(data.changes) === JSON.stringify(expected);
        expect(await told('group.updated', about(jid, isSo))).toMatchObject({ by: person(ana), fromMe: false });
      }
      const isNewLink = (data: Data) => 'inviteCode' in (data.changes as Data);
      await told('group.updated', about(jid, isNewLink));
    });

    it('who is added, promoted, demoted, removed, and who leaves', async () => {
      const cleo = await stack.simulator.aContact('reader', { name: 'Cleo' });
      const steps = [
        ['added', { add: [cleo.pn] }, ana],
        ['promoted', { promote: [cleo.pn] }, ana],
        ['demoted', { demote: [cleo.pn] }, ana],
        ['left', { by: cleo.pn, remove: [cleo.pn] }, cleo],
        ['removed', { remove: [ben.pn] }, ana],
      ] as const;
      for (const [name, order, by] of steps) {
        await change(order);
        const data = await told(
          'group.participants',
          about(jid, (found) => found.change === name),
        );
        expect(data).toMatchObject({ by: person(by), participants: [person(name === 'removed' ? ben : cleo)] });
      }
    });

    it('who asks to join, takes it back, is turned down, or is let in', async () => {
      await change({ promote: [phone] });
      const [dora, emil] = [await stack.simulator.aContact('reader'), await stack.simulator.aContact('reader')];
      for (const { pn } of [dora, emil]) await simulate(`POST /groups/${jid}/join-requests`, { pn });
      const request = (state: string, { pn }: SimulatedContact) =>
        told(
          'group.join_request',
          about(jid, (data) => data.state === state && JSON.stringify(data.people).includes(pn)),
        );
      expect(await request('created', dora)).toMatchObject({ people: [person(dora)], method: 'invite_link' });
      await request('created', emil);
      await stack.simulator.api.call(`DELETE /groups/${jid}/join-requests/${dora.pn}`);
      expect(await request('revoked', dora)).toMatchObject({ by: person(dora) });
      await change({ reject: [emil.pn] });
      expect(await request('rejected', emil)).toMatchObject({ by: person(ana) });
    });

    it('that the account is out of', async () => {
      await change({ remove: [phone] });
      expect(await told('group.left', about(jid))).toMatchObject({ reason: 'removed', by: person(ana) });
      await told(
        'group.participants',
        about(jid, (data) => data.change === 'removed' && JSON.stringify(data.participants).includes(phone)),
      );
    });

    it('of communities', async () => {
      const community = { subject: 'Village', owner: ana.pn, members: [phone], generalChat: false };
      const village = (await simulate('POST /communities', community)).jid;
      const street = (await simulate('POST /groups', { subject: 'Street', owner: ana.pn, members: [phone] })).jid;
      await simulate(`POST /communities/${village}/groups`, { by: ana.pn, group: street });
      const isLink = (data: Data) => JSON.stringify(data.changes) === JSON.stringify({ communityId: village });
      await told('group.updated', about(street, isLink));
      await stack.simulator.api.call(`DELETE /communities/${village}/groups/${street}?by=${ana.pn}`);
      const isUnlinked = (data: Data) => JSON.stringify(data.changes) === '{"communityId":null}';
      await told('group.updated', about(street, isUnlinked));
    });
  });

  describe('newsletters', () => {
    let jid: string;
    const ours = (data: Data) => data.chatId === jid;
    const message = (data: Data) => data.message as Data;

    it('that are followed, renamed, get an admin, are muted', async () => {
      ({ jid } = await simulate('POST /newsletters', { owner: ana.pn, name: 'Daily bread' }));
      await simulate(`POST /newsletters/${jid}/followers`, { pn: phone });
      expect(await told('newsletter.joined', ours)).toMatchObject({ newsletter: {} });
      await simulate(`PATCH /newsletters/${jid}`, { name: 'Weekly bread', reactions: 'BASIC' });
      const isNamed = (data: Data) => ours(data) && 'name' in (data.changes as object);
      expect(await told('newsletter.updated', isNamed)).toMatchObject({
        changes: { name: 'Weekly bread', reactions: 'basic' },
      });
      await simulate(`POST /newsletters/${jid}/admins`, { pn: ben.pn });
      const isRole = (data: Data) => ours(data) && (data.roles as unknown[]).length > 0;
      expect(await told('newsletter.updated', isRole)).toMatchObject({
        roles: [{ role: 'admin', person: { lid: `${ben.lid}@lid` } }],
      });
      for (const isMuted of [true, false]) {
        await simulate(`PATCH /newsletters/${jid}/followers/${phone}`, { isMuted });
        await told('newsletter.muted', (data) => ours(data) && data.isMuted === isMuted);
      }
    });

    it('posts, instead of messages, and what becomes of them', async () => {
      const post = await simulate<{ id: string; serverId: number }>(`POST /newsletters/${jid}/posts`, { text: 'Rye' });
      const isPost = (data: Data) => message(data).messageId === post.id;
      const data = await told('newsletter.message', isPost);
      expect(data.message).toMatchObject({
        chatId: jid,
        text: 'Rye',
        fromMe: false,
        context: { serverId: String(post.serverId) },
      });
      expect((await linked.tenant.events('message.received')).filter(({ data: other }) => isPost(other))).toEqual([]);
      for (const text of ['Rye and spelt', 'Oats']) {
        await simulate(`PATCH /newsletters/${jid}/posts/${post.serverId}`, { text });
        expect(await told('message.edited', (edit) => edit.messageId === post.id && edit.text === text)).toMatchObject({
          chatId: jid,
          fromMe: false,
        });
        // The network counts in seconds, and an edit of the same second is the same edit.
        await simulate('POST /clock', { advanceMs: 1000 });
      }
      await stack.simulator.api.call(`DELETE /newsletters/${jid}/posts/${post.serverId}`);
      await told('message.revoked', (revoke) => revoke.messageId === post.id);
    });

    it('reactions and figures while somebody looks', async () => {
      const { serverId } = await simulate<{ serverId: number }>(`POST /newsletters/${jid}/posts`, { text: 'Buns' });
      await simulate(`POST /newsletters/${jid}/watchers`, { pn: phone });
      await simulate(`POST /newsletters/${jid}/views`, { serverId, count: 1200 });
      expect(await told('newsletter.live', ours)).toMatchObject({
        posts: [{ serverId: String(serverId), views: 1200, reactions: null }],
      });
      await simulate(`POST /newsletters/${jid}/reactions`, { serverId, emoji: '👍', count: 7 });
      expect(await told('newsletter.reaction', ours)).toMatchObject({
        serverId: String(serverId),
        emoji: '👍',
        count: 7,
      });
    });

    it('that are left, or deleted', async () => {
      await stack.simulator.api.call(`DELETE /newsletters/${jid}/followers/${phone}`);
      expect(await told('newsletter.left', ours)).toMatchObject({ reason: 'left' });
      const other = (await simulate('POST /newsletters', { owner: ana.pn, name: 'Brief' })).jid;
      await simulate(`POST /newsletters/${other}/followers`, { pn: phone });
      await stack.simulator.api.call(`DELETE /newsletters/${other}`);
      expect(await told('newsletter.left', ({ chatId }) => chatId === other)).toMatchObject({ reason: 'deleted' });
    });
  });

  describe('calls', () => {
    const ring = async (order: object = {}) =>
      (await simulate<{ id: string }>(`POST /accounts/${ana.pn}/call`, { to: phone, ...order })).id;
    const step = (type: string, id: string) => told(type, ({ callId }) => callId === id);

    it('that ring and are missed, whether the caller gives up or nobody comes', async () => {
      const [given, unheard] = [await ring({ isVideo: true }), await ring({ ringMs: 1 })];
      expect(await step('call.offered', given)).toMatchObject({
        chatId: ana.pn,
        caller: person(ana),
        isVideo: true,
        groupId: null,
        fromMe: false,
      });
      await simulate(`POST /calls/${given}/signal`, { signal: 'hangUp' });
      expect(await step('call.missed', given)).toMatchObject({ isVideo: true, by: person(ana) });
      expect(await step('call.missed', unheard)).toMatchObject({ isVideo: false });
    });

    it('that the phone takes or turns down', async () => {
      const [taken, refused] = [await ring(), await ring()];
      await simulate(`POST /calls/${taken}/answer`, { answer: 'accept' });
      expect(await step('call.accepted', taken)).toMatchObject({ fromMe: true, by: me(), caller: person(ana) });
      await simulate(`POST /calls/${taken}/signal`, { signal: 'hangUp' });
      expect(await step('call.ended', taken)).toMatchObject({ fromMe: false });
      await simulate(`POST /calls/${refused}/answer`, { answer: 'reject' });
      expect(await step('call.rejected', refused)).toMatchObject({ fromMe: true });
    });
  });

  describe('labels', () => {
    const order = (body: object) => simulate(`POST /accounts/${phone}/phone`, body);

    it('that are made, changed, put on and taken off, each told once, also when everything is read again', async () => {
      await order({ op: 'label', id: '7', name: 'New customer', color: 3 });
      expect(await told('label.edited', ({ name }) => name === 'New customer')).toMatchObject({
        labelId: '7',
        color: 3,
        isDeleted: false,
      });
      await order({ op: 'labelChat', label: '7', chat: ana.pn, on: true });
      expect(await told('label.assigned', ({ chatId }) => chatId === ana.pn)).toMatchObject({
        labelId: '7',
        messageId: null,
      });
      const [id] = await stack.simulator.send(ben.pn, phone, { text: 'label me' });
      await told('message.received', (data) => (data.message as Data).messageId === id);
      await order({ op: 'labelMessage', label: '7', chat: ben.pn, id, on: true });
      await told('label.assigned', ({ chatId, messageId }) => chatId === ben.pn && messageId === id);
      await order({ op: 'labelChat', label: '7', chat: ana.pn, on: false });
      expect(await told('label.unassigned', ({ chatId }) => chatId === ana.pn)).toMatchObject({ labelId: '7' });
      await order({ op: 'label', id: '7', name: 'Customer', color: 3, deleted: true });
      await told('label.edited', ({ isDeleted }) => isDeleted === true);
      await told('label.edited', ({ name }) => name === 'New customer');
    });
  });

  describe('people', () => {
    it('who change their name, picture or about text, or are put into the address book', async () => {
      const mia = await stack.simulator.aContact('reader', { name: 'Mia' });
      await linked.session.send(mia.pn, 'hello', { wait: true });
      const [first] = await stack.simulator.send(mia.pn, phone, { text: 'hi' });
      await told('message.received', (data) => (data.message as Data).messageId === first);
      const changed = (fits: (changes: Data) => boolean) =>
        told('contact.updated', (data) => (data.person as Data).waId === mia.pn && fits(data.changes as Data));
      await simulate(`POST /accounts/${phone}/phone`, { op: 'contact', contact: mia.pn, name: 'Mia from work' });
      expect(await changed(({ name, pushName }) => name === 'Mia from work' && pushName === 'Mia')).toMatchObject({
        person: { phone: mia.pn, lid: `${mia.lid}@lid` },
      });
      await simulate(`PATCH /accounts/${mia.pn}`, { name: 'Mia Maria', about: 'at the sea' });
      await changed(({ about }) => about === 'at the sea');
      await stack.simulator.send(mia.pn, phone, { text: 'new name' });
      await changed(({ pushName }) => pushName === 'Mia Maria');
      await simulate(`PUT /accounts/${mia.pn}/picture`, {});
      await changed(({ picture }) => picture === 'changed');
    });

    it('who are blocked on the phone, and let in again', async () => {
      const zoe = await stack.simulator.aContact('reader');
      const [first] = await stack.simulator.send(zoe.pn, phone, { text: 'buy this' });
      await told('message.received', (data) => (data.message as Data).messageId === first);
      const isZoe = (isBlocked: boolean) => (data: Data) =>
        (data.person as Data).waId === zoe.pn && data.isBlocked === isBlocked;
      await simulate(`PATCH /accounts/${phone}`, { block: [zoe.pn] });
      expect(await told('contact.blocked', isZoe(true))).toMatchObject({ person: person(zoe) });
      await simulate(`PATCH /accounts/${phone}`, { unblock: [zoe.pn] });
      await told('contact.blocked', isZoe(false));
    });

    it('who come and go, apart from who is typing', async () => {
      const [id] = await stack.simulator.send(ana.pn, phone, { text: 'hi' });
      await told('message.received', (data) => (data.message as Data).messageId === id);
      await linked.session.api.ok(`POST /chats/${ana.pn}/presence/subscribe`);
      await simulate(`GET /stanzas/wait?account=${phone}&tag=presence&direction=in&type=subscribe`);
      const seen = (type: string, state: string) =>
        linked.receiver.delivery(type, (event) => event.type === type && event.data.state === state);
      await simulate(`POST /accounts/${ana.pn}/presence`, { state: 'available' });
      expect((await seen('contact.presence', 'available')).event.data).toMatchObject({ person: { waId: ana.pn } });
      await simulate(`POST /accounts/${ana.pn}/presence`, { state: 'composing', to: phone });
      expect((await seen('chat.presence', 'composing')).event.data).toMatchObject({ chatId: ana.pn });
    });
  });

  describe('statuses', () => {
    it('of others, instead of messages', async () => {
      const [id] = await stack.simulator.send(ana.pn, 'status', { text: 'At the lake', viewers: [phone] });
      const isIt = (data: Data) => (data.message as Data).messageId === id;
      expect(await told('status.posted', isIt)).toMatchObject({
        message: { chatId: 'status@broadcast', text: 'At the lake', sender: { waId: ana.pn } },
      });
      expect((await linked.tenant.events('message.received')).filter(({ data }) => isIt(data))).toEqual([]);
    });

    it('of the account that somebody looks at', async () => {
      const status = { to: 'status@broadcast', type: 'text' as const, text: 'For you', audience: [ana.pn] };
      const { id } = await linked.session.api.ok('POST /messages', status);
      expect(await told('status.viewed', (data) => data.id === id)).toMatchObject({ viewer: person(ana) });
    });
  });

  describe('survive', () => {
    it('kill -9 and repetition: what happened is told once', async () => {
      const group = await simulate('POST /groups', { subject: 'Before', owner: ana.pn, members: [phone] });
      await told('group.created', ({ chatId }) => chatId === group.jid);
      // The network never hears that these arrived, and repeats them.
      const match = { account: phone, tag: 'ack', direction: 'in' };
      const { id: fault } = await simulate<{ id: string }>('POST /faults', { match, action: { kind: 'drop' } });
      await simulate(`PATCH /groups/${group.jid}`, { by: ana.pn, subject: 'First', description: 'one' });
      const status = { to: 'status@broadcast', type: 'text' as const, text: 'Look', audience: [ana.pn] };
      const { id: statusId } = await linked.session.api.ok('POST /messages', status);
      await told('status.viewed', (data) => data.id === statusId);
      await stack.gateway.kill();
      const { id: call } = await simulate<{ id: string }>(`POST /accounts/${ana.pn}/call`, { to: phone, ringMs: 1 });
      await simulate(`PATCH /groups/${group.jid}`, { by: ana.pn, subject: 'Second' });
      await stack.gateway.start();
      await linked.session.becomes('connected');
      await told('call.missed', ({ callId }) => callId === call);
      await stack.gateway.kill();
      await stack.simulator.api.call(`DELETE /faults/${fault}`);
      await stack.gateway.start();
      await linked.session.becomes('connected');
      await simulate(`PATCH /groups/${group.jid}`, { by: ana.pn, subject: 'Third' });
      const changes = (events: EventBody[]) =>
        events.flatMap(({ data }) => (data.chatId === group.jid ? [data.changes] : []));
      await eventually('the last change is told', async () =>
        changes(await linked.tenant.events('group.updated')).some((change) => (change as Data).subject === 'Third'),
      );
      expect(changes(await linked.tenant.events('group.updated'))).toEqual([
        { subject: 'First' },
        { description: 'one' },
        { subject: 'Second' },
        { subject: 'Third' },
      ]);
      const calls = (await linked.tenant.events('call.*')).filter(({ data }) => data.callId === call);
      expect(calls.map(({ type }) => type)).toEqual(['call.offered', 'call.missed']);
      expect((await linked.tenant.events('status.viewed')).filter(({ data }) => data.id === statusId)).toHaveLength(1);
    });
  });

  it('go to no destination that the session keeps them from, but into the log', async () => {
    await linked.session.api.ok('PATCH /settings', {
      skips: ['group', 'call', 'newsletter', 'status'],
    });
    const { jid } = await simulate('POST /groups', { subject: 'Quiet', owner: ana.pn, members: [phone] });
    const { id } = await simulate<{ id: string }>(`POST /accounts/${ana.pn}/call`, { to: phone });
    await simulate(`POST /calls/${id}/signal`, { signal: 'hangUp' });
    await eventually('they are in the log', async () => {
      const events = await linked.tenant.events('group.created,call.missed');
      return events.some(({ data }) => data.chatId === jid) && events.some(({ data }) => data.callId === id);
    });
    const [last] = await stack.simulator.send(ana.pn, phone, { text: 'last' });
    await told('message.received', (data) => (data.message as Data).messageId === last);
    const delivered = linked.receiver.received.map(({ event }) => event.data);
    expect(delivered.filter(({ chatId, callId }) => chatId === jid || callId === id)).toEqual([]);
  });
});
