import { type MessageDetailsDto, ok } from '@app/client/client.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

const SECRET = Buffer.alloc(32, 7).toString('base64');
const pollOf = (name: string, selectableOptionsCount = 1) => ({
  pollCreationMessageV3: {
    name,
    options: [{ optionName: 'fish' }, { optionName: 'soup' }, { optionName: 'rice' }],
    selectableOptionsCount,
  },
  messageContextInfo: { messageSecret: SECRET },
});
const dinner = {
  eventMessage: { name: 'Dinner', startTime: '1900000000' },
  messageContextInfo: { messageSecret: SECRET },
};

describe('polls and events', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let phone: string;
  beforeAll(async () => {
    tenant = await stack.gateway.aTenant();
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
  });

  const get = (id: string) =>
    ok(tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })));
  const arrived = (id: string) =>
    eventually(`${id} has come`, async () => {
      const { data } = await tenant.client.GET(
        '/v1/sessions/{sessionId}/messages/{messageId}',
        session.at({ messageId: id }),
      );
      return data;
    });
  const deed = (who: string, what: string, order: object) =>
    stack.simulator.api.ok(`POST /accounts/${who}/${what}`, order);
  const votesOf = async (id: string) =>
    Object.fromEntries((await get(id)).pollResults!.map(({ name, voters }) => [name, voters]));
  const refused = async (route: string, body: object) => {
    const { status, body: problem } = await session.api.raw(`POST /messages/${route}`, body);
    return `${status} ${problem.code}`;
  };
  async function aGroup(addressing: 'pn' | 'lid', owner: string, members: string[]): Promise<string> {
    const order = { subject: 'Lunch', owner, members, addressing };
    return (await stack.simulator.api.ok<{ jid: string }>('POST /groups', order)).jid;
  }
  async function aPoll(from: string, to: string, message: object = pollOf('Lunch?')): Promise<MessageDetailsDto> {
    const [id = ''] = await stack.simulator.send(from, to, { message });
    return arrived(id);
  }
  const has = (who: string, id: string) =>
    eventually(`${who} has ${id}`, async () =>
      (await stack.simulator.messages(who)).some((message) => message.id === id),
    );

  it.each(['pn', 'lid'] as const)(
    'counts votes in a group that goes by %s, the last one of each voter',
    async (addressing) => {
      const [ana, bob] = [await stack.simulator.aContact('reader'), await stack.simulator.aContact('reader')];
      const group = await aGroup(addressing, ana.pn, [phone, bob.pn]);
      const poll = await aPoll(ana.pn, group);
      await has(bob.pn, poll.messageId);
      await deed(bob.pn, 'vote', { id: poll.messageId, options: ['fish'] });
      await deed(ana.pn, 'vote', { id: poll.messageId, options: ['soup'] });
      await eventually('both votes are counted', async () => {
        const { fish, soup } = await votesOf(poll.id);
        return fish?.length === 1 && soup?.length === 1;
      });
      await deed(bob.pn, 'vote', { id: poll.messageId, options: ['soup'] });
      await eventually('the later vote counts', async () => (await votesOf(poll.id)).soup?.length === 2);
      expect((await votesOf(poll.id)).fish).toEqual([]);
      const events = (await tenant.events('message.poll_vote')).filter(({ data }) => data.id === poll.id);
      expect(events.map(({ data }) => data.options)).toEqual(expect.arrayContaining([['fish'], ['soup']]));
    },
  );

  it.each([
    ['number', {}],
    ['opaque id', { family: 'lid' }],
  ])('counts the vote of a contact who writes by %s, in a poll of ours', async (_, family) => {
    const ana = await stack.simulator.aContact('reader');
    await stack.simulator.send(ana.pn, phone, { text: 'hello', ...family });
    const poll = await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', {
        ...session.at({}, { wait: 'server_ack' }),
        body: {
          to: ana.pn,
          type: 'poll',
          question: 'Lunch?',
          options: ['fish', 'soup'],
        },
      }),
    );
    await has(ana.pn, poll.messageId);
    await deed(ana.pn, 'vote', { id: poll.messageId, options: ['soup'] });
    await eventually('the vote is counted', async () => (await votesOf(poll.id)).soup?.length === 1);
    expect(await get(poll.id)).toMatchObject({
      pollResults: [
        { name: 'fish', votes: 0, voters: [] },
        { name: 'soup', votes: 1, voters: [ana.pn] },
      ],
    });
  });

  it('votes, changes the vote, and refuses what the poll does not offer', async () => {
    const ana = await stack.simulator.aContact('reader');
    const poll = await aPoll(ana.pn, phone);
    const vote = (...options: string[]) =>
      ok(
        tenant.client.POST('/v1/sessions/{sessionId}/messages/{messageId}/votes', {
          ...session.at({ messageId: poll.id }, { wait: 'server_ack' }),
          body: { options },
        }),
      );
    const seen = (option: string) =>
      eventually(`Ana sees the vote for ${option}`, async () => {
        const { items } = await stack.simulator.api.ok<{ items: { target?: string; vote?: string[] }[] }>(
          `GET /messages?account=${ana.pn}`,
        );
        return items.some((item) => item.target === poll.messageId && item.vote?.includes(option));
      });
    await vote('fish');
    await seen('fish');
    await vote('rice');
    await seen('rice');
    expect(await votesOf(poll.id)).toEqual({ fish: [], soup: [], rice: [phone] });
    expect(await refused(`${poll.id}/votes`, { options: ['pizza'] })).toBe('400 poll.option-unknown');
    expect(await refused(`${poll.id}/votes`, { options: ['fish', 'soup'] })).toBe('400 poll.too-many-options');
    const text = await session.send(ana.pn, 'no poll', { wait: true });
    expect(await refused(`${text.id}/votes`, { options: ['fish'] })).toBe('409 message.not-poll');
    expect(await refused(`${text.id}/event-response`, { answer: 'going' })).toBe('409 message.not-event');
    expect(await refused('msg_nobody/votes', { options: [] })).toBe('404 message.not-found');
  });

  it('answers an event, and shows what others answer', async () => {
    const [ana, bob] = [await stack.simulator.aContact('reader'), await stack.simulator.aContact('reader')];
    const group = await aGroup('lid', ana.pn, [phone, bob.pn]);
    const event = await aPoll(ana.pn, group, dinner);
    await has(bob.pn, event.messageId);
    await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages/{messageId}/event-response', {
        ...session.at({ messageId: event.id }, { wait: 'server_ack' }),
        body: {
          answer: 'maybe',
        },
      }),
    );
    await eventually('Ana sees the answer', async () => {
      const { items } = await stack.simulator.api.ok<{ items: { target?: string; response?: string }[] }>(
        `GET /messages?account=${ana.pn}`,
      );
      return items.some((item) => item.target === event.messageId && item.response === 'MAYBE');
    });
    await deed(bob.pn, 'respond-event', { id: event.messageId, answer: 'GOING' });
    const { eventResponses } = await eventually('both answers are there', async () => {
      const message = await get(event.id);
      return message.eventResponses?.length === 2 && message;
    });
    expect(eventResponses?.map(({ answer }) => answer).sort()).toEqual(['going', 'maybe']);
    expect(await refused(`${event.id}/event-response`, { answer: 'going', extraGuests: 2 })).toBe(
      '409 event.no-guests',
    );
  });
});
