import { proto } from '@whiskeysockets/baileys';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { readMessage } from './read-message.js';
import { stanzaOf } from './stanza.js';
import { writeMessage } from './write-message.js';

const to = '6281234567890';
const card = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL;type=CELL;waid=6281300000001:+62 813-0000-0001\nEND:VCARD';

const contents: MessageContent[] = [
  { type: 'text', text: 'hello' },
  {
    type: 'text',
    text: 'see https://a.example',
    linkPreview: { url: 'https://a.example', title: 'A', description: 'B' },
  },
  { type: 'text', text: 'a status', backgroundColor: '#ff8800', textColor: '#00000080', font: 'calistoga' },
  { type: 'location', latitude: -6.5, longitude: 106.25, name: 'Monas', address: 'Jakarta', url: 'https://m.example' },
  {
    type: 'live-location',
    latitude: 1.5,
    longitude: -2.25,
    accuracyMeters: 12,
    headingDegrees: 90,
    caption: 'on my way',
    sequence: 1_700_000_000_000_001,
    elapsedSeconds: 60,
  },
  { type: 'contacts', contacts: [{ name: 'Ana', vcard: card, phones: ['6281300000001'] }] },
  {
    type: 'contacts',
    contacts: [
      { name: 'Ana', vcard: card, phones: ['6281300000001'] },
      { name: 'Nobody', vcard: 'BEGIN:VCARD\nEND:VCARD', phones: [] },
    ],
  },
  { type: 'poll', question: 'Fish or soup?', options: ['fish', 'soup'], maxAnswers: 1 },
  { type: 'poll', question: 'Any?', options: ['a', 'b', 'c'], maxAnswers: 3 },
  { type: 'poll', question: 'Two?', options: ['a', 'b', 'c'], maxAnswers: 2 },
  {
    type: 'event',
    name: 'Dinner',
    description: 'At eight',
    startsAt: '2030-01-31T20:00:00.000Z',
    endsAt: '2030-01-31T22:00:00.000Z',
    location: { name: 'Home', latitude: 1.5, longitude: 2.5 },
    joinLink: 'https://call.whatsapp.com/video/abc',
    isCall: true,
    allowsExtraGuests: true,
    isCanceled: true,
  },
  {
    type: 'product',
    productId: '77',
    title: 'Bread',
    description: 'Fresh',
    currency: 'EUR',
    price: 4.2,
    salePrice: 3.999,
    url: 'https://shop.example/77',
    retailerId: 'sku-77',
    businessId: '6281300000009',
    body: 'Look',
    footer: 'Today',
  },
  {
    type: 'order',
    orderId: '123',
    title: 'Two breads',
    itemCount: 2,
    status: 'accepted',
    message: 'Thanks',
    sellerId: '6281300000009',
    token: 'tok',
    total: 8.4,
    currency: 'EUR',
  },
  {
    type: 'newsletter-invite',
    newsletterId: '120363000000000009@newsletter',
    name: 'Daily bread',
    role: 'admin',
    caption: 'Join us',
    expiresAt: '2030-01-31T20:00:00.000Z',
  },
  { type: 'newsletter-invite', newsletterId: '120363000000000009@newsletter', name: 'Daily bread', role: 'follower' },
  {
    type: 'group-invite',
    groupId: '120363000000000001@g.us',
    name: 'Choir',
    code: 'abcDEF',
    caption: 'Sing',
    expiresAt: '2030-01-31T20:00:00.000Z',
  },
  { type: 'album', images: 2, videos: 1 },
];

describe('kinds of messages', () => {
  it.each(contents.map((content) => [content.type, content] as const))(
    'a %s is read as it was written',
    (_, content) => {
      const wire = proto.Message.decode(writeMessage(content, { chatId: to, context: null }));
      expect(readMessage(wire)).toEqual({ content, context: null });
    },
  );

  it('polls and events carry a secret and say what they are', () => {
    const event: MessageContent = { type: 'event', name: 'x', startsAt: '2030-01-31T20:00:00.000Z' };
    const poll: MessageContent = { type: 'poll', question: 'x', options: ['a', 'b'], maxAnswers: 1 };
    const [first, second] = [event, poll].map((content) =>
      proto.Message.decode(writeMessage(content, { chatId: to, context: { isForwarded: true } })),
    );
    expect(first?.messageContextInfo?.messageSecret).toHaveLength(32);
    expect(second?.messageContextInfo?.messageSecret).toHaveLength(32);
    expect(first?.eventMessage?.contextInfo?.isForwarded).toBe(true);
    expect(stanzaOf(first!, '6281234567890')).toEqual({
      additionalNodes: [{ tag: 'meta', attrs: { event_type: 'creation' } }],
    });
    expect(stanzaOf(second!, '6281234567890')).toEqual({
      additionalNodes: [{ tag: 'meta', attrs: { polltype: 'creation' } }],
    });
  });

  it('what goes along with a message is read back', () => {
    const context = {
      mentions: ['6281300000001', '1234567@lid'],
      isMentioningAll: true,
      isForwarded: true,
      isViewOnce: true,
      expirationSeconds: 86_400,
      albumMessageId: 'ALBUM1',
    };
    const wire = writeMessage({ type: 'text', text: 'hi' }, { chatId: to, context });
    const message = proto.Message.decode(wire);
    expect(message.viewOnceMessage?.message?.extendedTextMessage?.viewOnce).toBe(true);
    expect(readMessage(message)?.context).toEqual(context);
  });

  it('an answer to an answer does not carry the first question along', () => {
    const say = (text: string, quoted?: Buffer) =>
      writeMessage(
        { type: 'text', text },
        {
          chatId: to,
          context: quoted ? { quoted: { messageId: 'Q', senderId: to, text: null } } : null,
          ...(quoted && { quoted: { messageId: 'Q', senderId: to, chatId: to, proto: quoted } }),
        },
      );
    const answer = say('second', say('first'));
    const third = proto.Message.decode(say('third', answer));
    const quoted = third.extendedTextMessage?.contextInfo?.quotedMessage?.extendedTextMessage;
    expect(quoted?.text).toBe('second');
    expect(quoted?.contextInfo?.quotedMessage).toBeFalsy();
  });

  it.each<[string, proto.IMessage, MessageContent]>([
    [
      'a missed call',
      { callLogMesssage: { isVideo: true, callOutcome: 1 } },
      { type: 'call-log', isVideo: true, outcome: 'missed' },
    ],
    [
      'a request for money',
      {
        requestPaymentMessage: {
          amount1000: 12_500,
          currencyCodeIso4217: 'BRL',
          noteMessage: { conversation: 'lunch' },
        },
      },
      { type: 'payment', kind: 'requested', amount: 12.5, currency: 'BRL', note: 'lunch' },
    ],
    [
      'results of a poll',
      { pollResultSnapshotMessage: { name: 'x?', pollVotes: [{ optionName: 'a', optionVoteCount: 3 }] } },
      { type: 'poll-results', question: 'x?', options: [{ name: 'a', votes: 3 }] },
    ],
    [
      'a poll in a newer wrapper',
      { pollCreationMessageV4: { message: { pollCreationMessage: { name: 'q', options: [{ optionName: 'a' }] } } } },
      { type: 'poll', question: 'q', options: ['a'], maxAnswers: 1 },
    ],
    [
      'a disappearing text',
      { ephemeralMessage: { message: { extendedTextMessage: { text: 'gone' } } } },
      { type: 'text', text: 'gone' },
    ],
    ['a type of tomorrow', { chat: { displayName: 'x' } }, { type: 'other' }],
  ])('reads %s', (_, message, content) => {
    const wire = proto.Message.decode(proto.Message.encode(proto.Message.create(message)).finish());
    expect(readMessage(wire)?.content).toEqual(content);
  });

  it('survives times and numbers that make no sense', () => {
    const message = { eventMessage: { name: 'x', startTime: 9e15 }, scheduledCallCreationMessage: undefined };
    expect(readMessage(message)?.content).toMatchObject({ startsAt: '1970-01-01T00:00:00.000Z' });
  });
});
