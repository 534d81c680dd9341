import { decryptPollVote, getAggregateVotesInPollMessage } from '@whiskeysockets/baileys';
import type { WAMessage } from '@whiskeysockets/baileys';
import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

interface Seen {
  id: string;
  kind: string;
  text: string | null;
  message: Record<string, unknown>;
  [field: string]: unknown;
}

describe('what people say', () => {
  const world = useSimulator({ seed: 'conversations' });
  let client: BaileysClient;
  let contact: { pn: string; lid: string };
  let jid: string;
  beforeAll(async () => {
    client = await world.aClient().pair(world.aNumber());
    contact = await world.aContact({ behaviour: 'reader' });
    jid = `${contact.pn}@s.whatsapp.net`;
  });

  const send = async (order: object): Promise<string> => {
    const { status, body } = await world.post<{ ids: string[] }>(`/accounts/${contact.pn}/send`, {
      to: client.pn,
      ...order,
    });
    expect(status).toBe(202);
    return body.ids[0] ?? '';
  };
  const act = async (deed: string, order: object) => {
    const { status, body } = await world.post<{ id: string }>(`/accounts/${contact.pn}/${deed}`, order);
    expect({ status, body }).toMatchObject({ status: 202 });
    return body.id;
  };
  const arrived = async (id: string): Promise<WAMessage> =>
    (await client.until(() => client.upserts.find(({ message }) => message.key.id === id))).message;
  const seen = async (id: string): Promise<Seen> => {
    await client.reached(id, 4);
    const { items } = await world.get<{ items: Seen[] }>(`/messages?account=${contact.pn}&full=true`);
    const item = items.find((one) => one.id === id);
    if (!item) throw new Error(`${id} was not seen`);
    return item;
  };

  it.each([
    [
      'a link with a preview',
      {
        extendedTextMessage: {
          text: 'see https://a.example',
          matchedText: 'https://a.example',
          title: 'A',
          jpegThumbnail: 'aGVsbG8=',
        },
      },
    ],
    ['a mention', { extendedTextMessage: { text: '@1', contextInfo: { mentionedJid: ['1@s.whatsapp.net'] } } }],
    ['a place', { locationMessage: { degreesLatitude: 52.5, degreesLongitude: 13.4, name: 'Berlin' } }],
    ['a moving place', { liveLocationMessage: { degreesLatitude: 52.5, degreesLongitude: 13.4, sequenceNumber: '7' } }],
    ['a contact', { contactMessage: { displayName: 'Zoe', vcard: 'BEGIN:VCARD\nEND:VCARD' } }],
    [
      'contacts',
      {
        contactsArrayMessage: {
          displayName: '2',
          contacts: [
            { displayName: 'A', vcard: 'x' },
            { displayName: 'B', vcard: 'y' },
          ],
        },
      },
    ],
    [
      'an event',
      {
        eventMessage: { name: 'Party', startTime: '1800000000' },
        messageContextInfo: { messageSecret: Buffer.alloc(32, 1).toString('base64') },
      },
    ],
    [
      'a choice from a list',
      { listResponseMessage: { title: 'Red', listType: 'SINGLE_SELECT', singleSelectReply: { selectedRowId: 'r' } } },
    ],
    [
      'a pressed button',
      { buttonsResponseMessage: { selectedButtonId: 'b', selectedDisplayText: 'Yes', type: 'DISPLAY_TEXT' } },
    ],
    [
      'a pressed template button',
      { templateButtonReplyMessage: { selectedId: 't', selectedDisplayText: 'No', selectedIndex: 1 } },
    ],
    [
      'the answer of a flow',
      {
        interactiveResponseMessage: {
          body: { text: 'done' },
          nativeFlowResponseMessage: { name: 'flow', paramsJson: '{"a":1}', version: 3 },
        },
      },
    ],
    [
      'a product',
      {
        productMessage: {
          product: { productId: '9', title: 'Tea', priceAmount1000: '2500', currencyCode: 'EUR' },
          businessOwnerJid: '1@s.whatsapp.net',
        },
      },
    ],
    ['an order', { orderMessage: { orderId: 'o', itemCount: 2, status: 'INQUIRY', surface: 'CATALOG', token: 't' } }],
    ['an invitation', { groupInviteMessage: { groupJid: '12036@g.us', inviteCode: 'abc', groupName: 'Club' } }],
    ['a timer for the chat', { protocolMessage: { type: 'EPHEMERAL_SETTING', ephemeralExpiration: 86400 } }],
    [
      'something to be viewed once',
      { viewOnceMessage: { message: { imageMessage: { caption: 'psst', mimetype: 'image/jpeg' } } } },
    ],
    [
      'something that disappears',
      {
        ephemeralMessage: {
          message: { extendedTextMessage: { text: 'gone soon', contextInfo: { expiration: 86400 } } },
        },
      },
    ],
  ])('%s arrives field by field', async (_name, message) => {
    const received = await arrived(await send({ message }));
    expect(JSON.parse(JSON.stringify(received.message))).toMatchObject(message);
  });

  it('a quote', async () => {
    const id = await client.sendText(contact.pn, 'the original');
    await seen(id);
    const received = await arrived(await send({ text: 'my answer', quoted: id }));
    expect(received.message?.extendedTextMessage?.contextInfo).toMatchObject({
      stanzaId: id,
      participant: `${client.pn}@s.whatsapp.net`,
      quotedMessage: { extendedTextMessage: { text: 'the original' } },
    });
  });

  it('reactions, also taken back', async () => {
    const id = await client.sendText(contact.pn, 'like this');
    await seen(id);
    for (const emoji of ['👍', '']) {
      await act('react', { id, emoji });
      const [reaction] = await client.event('messages.reaction', ([one]) => one?.reaction.text === emoji);
      expect(reaction?.key).toMatchObject({ id, fromMe: true, remoteJid: jid });
    }
    const own = await client.socket.sendMessage(jid, {
      react: { text: '🙏', key: (await client.received()).message.key },
    });
    expect(await seen(own?.key.id ?? '')).toMatchObject({ kind: 'reactionMessage', text: '🙏' });
  });

  it('changes and deletions of own messages', async () => {
    const id = await send({ text: 'draft' });
    await arrived(id);
    const other = await client.sendText(contact.pn, 'mine');
    await seen(other);
    await act('edit', { id, text: 'final' });
    const ofMine = (update: { key: { id?: string | null } }) => update.key.id === id;
    const edited = await client.until(() => client.updates.find((update) => ofMine(update) && update.update.message));
    expect(edited.update.message?.editedMessage?.message?.extendedTextMessage?.text).toBe('final');
    await act('revoke', { id });
    await client.until(() => client.updates.find((update) => ofMine(update) && update.update.message === null));
    const refused = await world.post(`/accounts/${contact.pn}/edit`, { id: other, text: 'not mine' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'message.not-own' } });
  });

  it('pins', async () => {
    const id = await client.sendText(contact.pn, 'important');
    await seen(id);
    const received = await arrived(await act('pin', { id, seconds: 3600 }));
    expect(received.message).toMatchObject({
      pinInChatMessage: { key: { id }, type: 1 },
      messageContextInfo: { messageAddOnDurationInSecs: 3600 },
    });
  });

  it('votes in a poll of the client, readable by its maker', async () => {
    const poll = { name: 'Colours?', values: ['red', 'green', 'blue'], selectableCount: 0 };
    const sent = await client.socket.sendMessage(jid, { poll });
    const id = sent?.key.id ?? '';
    expect(await seen(id)).toMatchObject({ text: 'Colours?', options: poll.values });
    const { message } = await arrived(await act('vote', { id, options: ['red', 'blue'] }));
    const vote = decryptPollVote(message?.pollUpdateMessage?.vote ?? {}, {
      pollEncKey: sent?.message?.messageContextInfo?.messageSecret ?? new Uint8Array(),
      pollCreatorJid: `${client.pn}@s.whatsapp.net`,
      pollMsgId: id,
      voterJid: jid,
    });
    const pollUpdates = [{ pollUpdateMessageKey: { remoteJid: jid, fromMe: false }, vote, senderTimestampMs: 0 }];
    const tally = getAggregateVotesInPollMessage(
      { message: sent?.message, pollUpdates },
      `${client.pn}@s.whatsapp.net`,
    );
    expect(tally.filter(({ voters }) => voters.length > 0).map(({ name }) => name)).toEqual(['red', 'blue']);
    const refused = await world.post(`/accounts/${contact.pn}/vote`, { id, options: ['pink'] });
    expect(refused).toMatchObject({ status: 400, body: { code: 'poll.option-unknown' } });
  });

  it('the answer to an event of the client', async () => {
    const event = { name: 'Picnic', startDate: new Date(1_800_000_000_000) };
    const sent = await client.socket.sendMessage(jid, { event });
    const id = sent?.key.id ?? '';
    client.sent.set(id, sent?.message ?? undefined);
    expect(await seen(id)).toMatchObject({ kind: 'eventMessage', text: 'Picnic' });
    await act('respond-event', { id, answer: 'MAYBE' });
    const updates = await client.event('messages.update', (all) => all.some(({ update }) => update.eventResponses));
    const [answer] = updates.find(({ update }) => update.eventResponses)?.update.eventResponses ?? [];
    expect(answer).toMatchObject({ response: { response: 3 } });
  });

  it('refuses what it cannot send, with the reason', async () => {
    const refused = async (order: object) => {
      const { status, body } = await world.post(`/accounts/${contact.pn}/send`, { to: client.pn, ...order });
      return [status, body.code];
    };
    expect(await refused({ message: { conversation: 'x', extendedTextMessage: 'not an object' } })).toEqual([
      400,
      'message.invalid',
    ]);
    expect(await refused({ message: { extendedTextMessage: { text: 'x', bogus: 1 } } })).toEqual([
      400,
      'message.invalid',
    ]);
    expect(await refused({ message: {} })).toEqual([400, 'message.invalid']);
    expect(await refused({ message: { conversation: 'x' }, text: 'y' })).toEqual([400, 'request.invalid']);
    expect(await refused({ text: 'x', quoted: 'NEVER' })).toEqual([404, 'message.unknown']);
    const unknown = await world.post(`/accounts/${contact.pn}/react`, { id: 'NEVER', emoji: 'x' });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'message.unknown' } });
  });
});
