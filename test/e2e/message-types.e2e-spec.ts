import type { MessageOrder } from '@app/testing/message-content.js';
import { ok } from '@app/client/client.js';
import { Webhook } from 'standardwebhooks';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import { WebhookReceiver } from '@app/testing/webhook-receiver.js';

interface MessageBody {
  id: string;
  messageId: string;
  type: string;
  status: string;
  text: string | null;
  content: object | null;
  context: object | null;
}

interface Case {
  type: string;
  /** What is sent, without `to` and `type`. */
  request: object;
  /** The fields of the type as the API shows them; those of the request unless told. */
  content?: object | null;
  /** The protobuf that the contact decrypts. */
  wire: object;
}

const secret = Buffer.alloc(32, 7).toString('base64');
const vcard = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL;type=CELL;waid=6281300000001:+62 813-0000-0001\nEND:VCARD';
const startsAt = '2030-01-31T20:00:00.000Z';
const startTime = '1896120000';

const cases: Case[] = [
  {
    type: 'text',
    request: { text: '*bold* _and_ plain' },
    content: null,
    wire: { extendedTextMessage: { text: '*bold* _and_ plain' } },
  },
  {
    type: 'location',
    request: { latitude: -6.5, longitude: 106.25, name: 'Monas', address: 'Jakarta', url: 'https://monas.example/' },
    wire: {
      locationMessage: {
        degreesLatitude: -6.5,
        degreesLongitude: 106.25,
        name: 'Monas',
        address: 'Jakarta',
        url: 'https://monas.example/',
      },
    },
  },
  {
    type: 'contacts',
    request: { contacts: [{ vcard }] },
    content: { contacts: [{ name: 'Ana', vcard, phones: ['6281300000001'] }] },
    wire: { contactMessage: { displayName: 'Ana', vcard } },
  },
  {
    type: 'poll',
    request: { question: 'Fish or soup?', options: ['fish', 'soup'], maxAnswers: 1 },
    wire: {
      pollCreationMessageV3: {
        name: 'Fish or soup?',
        options: [{ optionName: 'fish' }, { optionName: 'soup' }],
        selectableOptionsCount: 1,
      },
    },
  },
  {
    type: 'event',
    request: {
      name: 'Dinner',
      description: 'At eight',
      startsAt,
      endsAt: '2030-01-31T22:00:00.000Z',
      location: { name: 'Home', latitude: 1.5, longitude: 2.5 },
      allowsExtraGuests: true,
    },
    wire: {
      eventMessage: {
        name: 'Dinner',
        description: 'At eight',
        startTime,
        endTime: '1896127200',
        location: { name: 'Home', degreesLatitude: 1.5, degreesLongitude: 2.5 },
        extraGuestsAllowed: true,
      },
    },
  },
  {
    type: 'product',
    request: {
      productId: '77',
      title: 'Bread',
      description: 'Fresh',
      currency: 'EUR',
      price: 4.2,
      url: 'https://shop.example/77',
      businessId: '6281300000009',
      body: 'Look',
      footer: 'Today',
    },
    wire: {
      productMessage: {
        product: {
          productId: '77',
          title: 'Bread',
          description: 'Fresh',
          currencyCode: 'EUR',
          priceAmount1000: '4200',
          url: 'https://shop.example/77',
        },
        businessOwnerJid: '6281300000009@s.whatsapp.net',
        body: 'Look',
        footer: 'Today',
      },
    },
  },
  {
    type: 'order',
    request: {
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
    wire: {
      orderMessage: {
        orderId: '123',
        orderTitle: 'Two breads',
        itemCount: 2,
        status: 'ACCEPTED',
        message: 'Thanks',
        sellerJid: '6281300000009@s.whatsapp.net',
        token: 'tok',
        totalAmount1000: '8400',
        totalCurrencyCode: 'EUR',
      },
    },
  },
  {
    type: 'newsletter-invite',
    request: {
      newsletterId: '120363000000000009@newsletter',
      name: 'Daily bread',
      role: 'admin',
      caption: 'Join us',
      expiresAt: startsAt,
    },
    wire: {
      newsletterAdminInviteMessage: {
        newsletterJid: '120363000000000009@newsletter',
        newsletterName: 'Daily bread',
        caption: 'Join us',
        inviteExpiration: startTime,
      },
    },
  },
  {
    type: 'group-invite',
    request: {
      groupId: '120363000000000001@g.us',
      name: 'Choir',
      code: 'abcDEF',
      caption: 'Sing',
      expiresAt: startsAt,
    },
    wire: {
      groupInviteMessage: {
        groupJid: '120363000000000001@g.us',
        groupName: 'Choir',
        inviteCode: 'abcDEF',
        caption: 'Sing',
        inviteExpiration: startTime,
      },
    },
  },
];

/** Types that come in and cannot be sent on their own. */
const received: { type: string; content: object; wire: object }[] = [
  {
    type: 'live-location',
    content: { latitude: 1.5, longitude: 2.5, caption: 'on my way', sequence: 17 },
    wire: {
      liveLocationMessage: { degreesLatitude: 1.5, degreesLongitude: 2.5, caption: 'on my way', sequenceNumber: 17 },
    },
  },
  {
    type: 'album',
    content: { images: 2, videos: 1 },
    wire: { albumMessage: { expectedImageCount: 2, expectedVideoCount: 1 } },
  },
  {
    type: 'call-log',
    content: { isVideo: true, outcome: 'missed' },
    wire: { callLogMesssage: { isVideo: true, callOutcome: 'MISSED' } },
  },
  {
    type: 'payment',
    content: { kind: 'requested', amount: 12.5, currency: 'BRL', note: 'lunch' },
    wire: {
      requestPaymentMessage: {
        amount1000: 12_500,
        currencyCodeIso4217: 'BRL',
        noteMessage: { conversation: 'lunch' },
      },
    },
  },
  {
    type: 'poll-results',
    content: { question: 'x?', options: [{ name: 'a', votes: 3 }] },
    wire: { pollResultSnapshotMessage: { name: 'x?', pollVotes: [{ optionName: 'a', optionVoteCount: 3 }] } },
  },
];

describe('messages of every type', () => {
  const stack = useStack();
  let receiver: WebhookReceiver;
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let contact: SimulatedContact;
  let phone: string;
  let webhookSecret: string;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    tenant = await stack.gateway.aTenant();
    const types = ['message.received', 'message.sent'];
    const webhook = await ok(tenant.client.POST('/v1/webhooks', { body: { url: receiver.url, types } }));
    webhookSecret = webhook.secret;
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
    contact = await stack.simulator.aContact('reader');
  });
  afterAll(() => receiver.stop());

  const send = (order: object) => {
    const body = order as MessageOrder;
    return ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', { ...session.at({}, { wait: 'server_ack' }), body }),
    );
  };
  const refusal = async (body: object) => {
    const { status, body: answer } = await session.api.raw('POST /messages', body);
    return { status, ...answer } as Record<string, unknown>;
  };
  /** A message as the contact has decrypted it. */
  const seen = (messageId: string, account = contact.pn) =>
    eventually(`${account} has ${messageId}`, async () => {
      const path = `GET /messages?account=${account}&full=true`;
      const { items } = await stack.simulator.api.ok<{ items: { id: string; message: object }[] }>(path);
      return items.find(({ id }) => id === messageId)?.message;
    });
  /** A message as the webhook got it, after its signature was checked. */
  const delivered = async (messageId: string): Promise<MessageBody & Record<string, unknown>> => {
    const { headers, raw, event } = await receiver.delivery(
      messageId,
      ({ data }) => data.message?.messageId === messageId,
    );
    new Webhook(webhookSecret).verify(raw, headers as Record<string, string>);
    return event.data.message as unknown as MessageBody & Record<string, unknown>;
  };

  it.each(cases)('$type: sent, decrypted, received, stored, delivered', async ({ type, request, content, wire }) => {
    const shown = content === undefined ? request : content;
    const sent = await send({ to: contact.pn, type, ...request });
    expect(sent).toMatchObject({ type, content: shown });
    expect(await seen(sent.messageId)).toMatchObject(wire);
    expect(await delivered(sent.messageId)).toMatchObject({ type, content: shown, fromMe: true, origin: 'api' });

    const [messageId = ''] = await stack.simulator.send(contact.pn, phone, {
      message: { ...wire, messageContextInfo: { messageSecret: secret } },
    });
    const event = await delivered(messageId);
    expect(event).toMatchObject({ type, content: shown, fromMe: false, origin: null, chatId: contact.pn });
    const stored = await ok(
      tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: event.id })),
    );
    expect(stored).toMatchObject({ messageId, type, content: shown, text: event.text });
  });

  it.each(received)('$type: received, stored, delivered', async ({ type, content, wire }) => {
    const [messageId = ''] = await stack.simulator.send(contact.pn, phone, { message: wire });
    const event = await delivered(messageId);
    expect(event).toMatchObject({ type, content });
    expect(
      await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: event.id }))),
    ).toMatchObject({ type, content });
  });

  describe('bad input', () => {
    const to = '6281300000001';
    const poll = { type: 'poll', question: 'x?', options: ['a', 'b'] };
    const event = { type: 'event', name: 'x', startsAt };
    const place = { type: 'location', latitude: 1, longitude: 1 };
    it.each<[string, object, string, string]>([
      ['a type that is only received', { type: 'payment' }, 'request.invalid', '/type'],
      ['13 options', { ...poll, options: Array.from('abcdefghijklm') }, 'request.invalid', '/options'],
      ['one option', { ...poll, options: ['a'] }, 'request.invalid', '/options'],
      ['an option twice', { ...poll, options: ['a', 'b', 'a'] }, 'message.option-repeated', '/options/2'],
      ['an option of 101 characters', { ...poll, options: ['a', 'x'.repeat(101)] }, 'request.invalid', '/options'],
      ['a question of 256 characters', { ...poll, question: 'x'.repeat(256) }, 'request.invalid', '/question'],
      ['3 answers of 2 options', { ...poll, maxAnswers: 3 }, 'message.too-many-answers', '/maxAnswers'],
      ['no contact', { type: 'contacts', contacts: [] }, 'request.invalid', '/contacts'],
      [
        'a contact without a name',
        { type: 'contacts', contacts: [{ phones: [to] }] },
        'message.card-invalid',
        '/contacts/0/name',
      ],
      [
        'a contact without a number',
        { type: 'contacts', contacts: [{ name: 'x' }] },
        'message.card-invalid',
        '/contacts/0/phones',
      ],
      [
        'a broken vCard',
        { type: 'contacts', contacts: [{ vcard: 'BEGIN' }] },
        'message.card-invalid',
        '/contacts/0/vcard',
      ],
      [
        'a vCard and fields',
        { type: 'contacts', contacts: [{ vcard, phones: [to] }] },
        'message.card-mixed',
        '/contacts/0/phones',
      ],
      ['an end before the start', { ...event, endsAt: startsAt }, 'message.ends-before-start', '/endsAt'],
      ['an event without a time zone', { ...event, startsAt: '2030-01-31T20:00:00' }, 'request.invalid', '/startsAt'],
      ['half of a place', { ...event, location: { name: 'x', latitude: 1 } }, 'message.place-empty', '/location'],
      ['two links', { ...event, call: 'video', joinLink: 'https://a.example' }, 'message.link-twice', '/joinLink'],
      ['a latitude of 91', { ...place, latitude: 91 }, 'request.invalid', '/latitude'],
      [
        'a caption of 5 000 characters',
        { ...place, type: 'live-location', caption: 'x'.repeat(5000) },
        'request.invalid',
        '/caption',
      ],
      ['view once where it is unknown', { ...place, viewOnce: true }, 'request.invalid', '/viewOnce'],
      ['everybody, to one', { type: 'text', text: 'x', mentionAll: true }, 'message.option-refused', '/mentionAll'],
      ['an expiry of an hour', { ...place, expirationSeconds: 3600 }, 'request.invalid', '/expirationSeconds'],
      ['an id with spaces', { ...place, messageId: 'my own id' }, 'request.invalid', '/messageId'],
      ['an audience for one', { type: 'text', text: 'x', audience: [to] }, 'message.option-refused', '/audience'],
      ['a colour by name', { type: 'text', text: 'x', backgroundColor: 'red' }, 'request.invalid', '/backgroundColor'],
      [
        'a preview without a title',
        { type: 'text', text: 'x', linkPreview: { url: 'https://a.example' } },
        'request.invalid',
        '/linkPreview/title',
      ],
      ['a preview that is a word', { type: 'text', text: 'x', linkPreview: 'yes' }, 'request.invalid', '/linkPreview'],
      [
        'a group as newsletter',
        { type: 'newsletter-invite', newsletterId: '120363000000000001@g.us', name: 'x' },
        'message.wrong-address',
        '/newsletterId',
      ],
      [
        'a newsletter as group',
        { type: 'group-invite', groupId: '120363000000000001@newsletter', name: 'x', code: 'x' },
        'message.wrong-address',
        '/groupId',
      ],
      ['a price below zero', { type: 'product', productId: '1', title: 'x', price: -1 }, 'request.invalid', '/price'],
      ['an update of nothing', { ...place, type: 'live-location', updateOf: 'msg_nothing' }, 'message.not-found', ''],
      ['an answer to nothing', { ...place, replyTo: 'msg_nothing' }, 'message.not-found', ''],
    ])('refuses %s', async (_, body, code, pointer) => {
      const answer = await refusal({ to, ...body });
      expect(answer).toMatchObject({ code, ...(pointer && { errors: [{ pointer }] }) });
      const { items } = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { chatId: to })),
      );
      expect(items).toEqual([]);
    });

    it.each<[string, object, string, string]>([
      ['a place in a newsletter', place, 'message.not-for-newsletters', '/type'],
      ['an event in a newsletter', event, 'message.not-for-newsletters', '/type'],
      ['a forward into a newsletter', { ...poll, isForwarded: true }, 'message.option-refused', '/isForwarded'],
      [
        'a timer in a newsletter',
        { ...poll, expirationSeconds: 86_400 },
        'message.option-refused',
        '/expirationSeconds',
      ],
      ['a check of a newsletter', { ...poll, checkNumber: true }, 'message.option-refused', '/checkNumber'],
    ])('refuses %s', async (_, body, code, pointer) => {
      const answer = await refusal({ to: '120363000000000001@newsletter', ...body });
      expect(answer).toMatchObject({ status: 400, code, errors: [{ pointer }] });
    });
  });
});
