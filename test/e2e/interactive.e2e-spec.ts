import { type CarouselContent, type ImageContent, ok } from '@app/client/client.js';
import { contentOf } from '@app/testing/message-content.js';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MessageFile } from '@app/platform/events/media-content.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession, GatewayTenant } from '@app/testing/gateway-process.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import type { SimulatedContact } from '@app/testing/simulator-process.js';
import { useStack } from '@app/testing/use-stack.js';
import { WebhookReceiver } from '@app/testing/webhook-receiver.js';

type Json = Record<string, unknown>;

interface MessageBody {
  id: string;
  messageId: string;
  type: string;
  text: string | null;
  content: Json | null;
}

interface ReceivedData {
  message: MessageBody & { context: Json | null; sender: { phone: string } };
}

/** One message: what is asked for over HTTP, what is on the wire, what stands beside it there. */
interface Sample {
  name: string;
  order: Json;
  /** The content as it is shown, without what the order gives; absent when that is all. */
  defaults?: Json;
  wire: Json;
  biz: string;
}

const MIXED = '<biz><interactive type="native_flow" v="1"><native_flow v="9" name="mixed"/></interactive></biz>';
const json = (value: unknown) => JSON.stringify(value);
const sections = [
  { title: 'Plans', rows: [{ id: 'basic', title: 'Basic', description: 'For small teams' }] },
  { title: 'Services', rows: [{ id: 'training', title: 'Training' }] },
];
const money = (value: number) => ({ value, offset: 100 });
const pixSettings = [
  {
    type: 'pix_static_code',
    pix_static_code: { merchant_name: 'Example Store', key: 'pay@example.com', key_type: 'EMAIL' },
  },
];
const pix = { key: 'pay@example.com', keyType: 'EMAIL', merchantName: 'Example Store' };

const samples: Sample[] = [
  {
    name: 'a list',
    order: { type: 'list', text: 'Choose one', title: 'Catalogue', footer: 'Soon', buttonText: 'Open', sections },
    defaults: { style: 'classic' },
    wire: {
      listMessage: {
        title: 'Catalogue',
        description: 'Choose one',
        footerText: 'Soon',
        buttonText: 'Open',
        listType: 'SINGLE_SELECT',
        sections: [
          { title: 'Plans', rows: [{ rowId: 'basic', title: 'Basic', description: 'For small teams' }] },
          { title: 'Services', rows: [{ rowId: 'training', title: 'Training' }] },
        ],
      },
    },
    biz: '<biz><list type="single_select" v="2"/></biz>',
  },
  {
    name: 'a native list',
    order: { type: 'list', style: 'native', text: 'Choose one', title: 'Catalogue', buttonText: 'Open', sections },
    wire: {
      interactiveMessage: {
        header: { title: 'Catalogue', hasMediaAttachment: false },
        body: { text: 'Choose one' },
        nativeFlowMessage: {
          buttons: [{ name: 'single_select', buttonParamsJson: json({ title: 'Open', sections }) }],
          messageVersion: 1,
        },
      },
    },
    biz: MIXED,
  },
  {
    name: 'native buttons',
    order: {
      type: 'buttons',
      text: 'What now?',
      footer: 'Acme',
      header: { title: 'Offers', subtitle: 'of today' },
      buttons: [
        { type: 'reply', id: 'later', label: 'Later' },
        { type: 'url', label: 'Open site', url: 'https://example.com/offer' },
        { type: 'call', label: 'Call us', phone: '6281234567890' },
        { type: 'copy', id: 'c', label: 'Copy coupon', code: 'COUPON123' },
      ],
    },
    defaults: { style: 'native' },
    wire: {
      interactiveMessage: {
        header: { title: 'Offers', subtitle: 'of today', hasMediaAttachment: false },
        body: { text: 'What now?' },
        footer: { text: 'Acme' },
        nativeFlowMessage: {
          buttons: [
            { name: 'quick_reply', buttonParamsJson: json({ display_text: 'Later', id: 'later' }) },
            {
              name: 'cta_url',
              buttonParamsJson: json({
                display_text: 'Open site',
                url: 'https://example.com/offer',
                merchant_url: 'https://example.com/offer',
              }),
            },
            { name: 'cta_call', buttonParamsJson: json({ display_text: 'Call us', phone_number: '+6281234567890' }) },
            {
              name: 'cta_copy',
              buttonParamsJson: json({ display_text: 'Copy coupon', copy_code: 'COUPON123', id: 'c' }),
            },
          ],
          messageVersion: 1,
        },
      },
    },
    biz: MIXED,
  },
  {
    name: 'classic buttons',
    order: {
      type: 'buttons',
      style: 'classic',
      text: 'Coming?',
      header: { title: 'Party' },
      buttons: [
        { type: 'reply', id: 'yes', label: 'Yes' },
        { type: 'reply', id: 'no', label: 'No' },
      ],
    },
    wire: {
      buttonsMessage: {
        contentText: 'Coming?',
        text: 'Party',
        headerType: 'TEXT',
        buttons: [
          { buttonId: 'yes', buttonText: { displayText: 'Yes' }, type: 'RESPONSE' },
          { buttonId: 'no', buttonText: { displayText: 'No' }, type: 'RESPONSE' },
        ],
      },
    },
    biz: '<biz><buttons/></biz>',
  },
  {
    name: 'classic buttons of several kinds',
    order: {
      type: 'buttons',
      style: 'classic',
      text: 'Ask us',
      footer: 'Acme',
      buttons: [
        { type: 'reply', id: 'later', label: 'Later' },
        { type: 'url', label: 'Site', url: 'https://example.com/' },
        { type: 'call', label: 'Call', phone: '6281234567890' },
      ],
    },
    wire: {
      templateMessage: {
        hydratedTemplate: {
          hydratedContentText: 'Ask us',
          hydratedFooterText: 'Acme',
          hydratedButtons: [
            { index: 1, quickReplyButton: { displayText: 'Later', id: 'later' } },
            { index: 2, urlButton: { displayText: 'Site', url: 'https://example.com/' } },
            { index: 3, callButton: { displayText: 'Call', phoneNumber: '+6281234567890' } },
          ],
        },
      },
    },
    biz: '<biz/>',
  },
  {
    name: 'a PIX button',
    order: { type: 'buttons', text: 'Pay please', buttons: [{ type: 'pix', id: 'p1', label: 'Pay', ...pix }] },
    defaults: { style: 'native' },
    wire: {
      interactiveMessage: {
        body: { text: 'Pay please' },
        nativeFlowMessage: {
          buttons: [
            {
              name: 'payment_info',
              buttonParamsJson: json({
                display_text: 'Pay',
                id: 'p1',
                currency: 'BRL',
                total_amount: money(0),
                reference_id: 'p1',
                type: 'physical-goods',
                order: {
                  status: 'pending',
                  subtotal: money(0),
                  order_type: 'ORDER',
                  items: [{ name: '', amount: money(0), quantity: 0, sale_amount: money(0) }],
                },
                payment_settings: pixSettings,
              }),
            },
          ],
        },
      },
    },
    biz: '<biz native_flow_name="payment_info"/>',
  },
  {
    name: 'an order to review and pay',
    order: {
      type: 'buttons',
      style: 'native',
      text: 'Your order',
      buttons: [
        {
          type: 'review-and-pay',
          label: 'Review and pay',
          currency: 'BRL',
          referenceId: 'ORDER-1',
          total: money(10_990),
          items: [{ id: 'h', name: 'Headphones', quantity: 1, amount: money(10_990) }],
          pix,
        },
      ],
    },
    wire: {
      interactiveMessage: {
        body: { text: 'Your order' },
        nativeFlowMessage: {
          buttons: [
            {
              name: 'review_and_pay',
              buttonParamsJson: json({
                display_text: 'Review and pay',
                currency: 'BRL',
                total_amount: money(10_990),
                reference_id: 'ORDER-1',
                type: 'physical-goods',
                order: {
                  status: 'pending',
                  subtotal: money(10_990),
                  order_type: 'ORDER',
                  items: [{ retailer_id: 'h', name: 'Headphones', amount: money(10_990), quantity: 1 }],
                },
                payment_settings: pixSettings,
              }),
            },
          ],
        },
      },
    },
    biz: '<biz native_flow_name="order_details"/>',
  },
  {
    name: 'a flow',
    order: {
      type: 'flow',
      text: 'Sign up',
      footer: 'Acme',
      header: { title: 'Form' },
      params: { flow_type: 'registration' },
      buttons: [{ name: 'flow', params: { display_text: 'Start', flow_id: '123', flow_token: 'ABC', mode: 'draft' } }],
    },
    defaults: { version: 3 },
    wire: {
      interactiveMessage: {
        header: { title: 'Form', hasMediaAttachment: false },
        body: { text: 'Sign up' },
        footer: { text: 'Acme' },
        nativeFlowMessage: {
          messageVersion: 3,
          messageParamsJson: json({ flow_type: 'registration' }),
          buttons: [
            {
              name: 'flow',
              buttonParamsJson: json({ display_text: 'Start', flow_id: '123', flow_token: 'ABC', mode: 'draft' }),
            },
          ],
        },
      },
    },
    biz: MIXED,
  },
  {
    name: 'a carousel',
    order: {
      type: 'carousel',
      text: 'New here',
      cards: [
        {
          text: 'Headphones',
          header: { title: 'First' },
          buttons: [{ type: 'copy', label: 'Copy', code: 'X1' }],
        },
        { text: 'Cable', footer: 'Last one', buttons: [{ type: 'reply', id: 'buy-2', label: 'Buy' }] },
      ],
    },
    wire: {
      interactiveMessage: {
        body: { text: 'New here' },
        carouselMessage: {
          messageVersion: 1,
          carouselCardType: 'HSCROLL_CARDS',
          cards: [
            {
              header: { title: 'First', hasMediaAttachment: false },
              body: { text: 'Headphones' },
              nativeFlowMessage: {
                buttons: [{ name: 'cta_copy', buttonParamsJson: json({ display_text: 'Copy', copy_code: 'X1' }) }],
              },
            },
            {
              body: { text: 'Cable' },
              footer: { text: 'Last one' },
              nativeFlowMessage: {
                buttons: [{ name: 'quick_reply', buttonParamsJson: json({ display_text: 'Buy', id: 'buy-2' }) }],
              },
            },
          ],
        },
      },
    },
    biz: MIXED,
  },
];

describe('interactive messages', () => {
  const stack = useStack();
  let tenant: GatewayTenant;
  let session: GatewaySession;
  let contact: SimulatedContact;
  let receiver: WebhookReceiver;
  let phone: string;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    tenant = await stack.gateway.aTenant();
    await ok(
      tenant.client.POST('/v1/webhooks', { body: { url: receiver.url, types: ['message.received', 'message.media'] } }),
    );
    contact = await stack.simulator.aContact('reader');
    phone = stack.aPhone();
    session = await tenant.aPairedSession(phone);
  });
  afterAll(() => receiver?.stop());

  const send = (order: Json) =>
    ok(
      tenant.client.POST('/v1/sessions/{sessionId}/messages', {
        ...session.at({}, { wait: 'server_ack' }),
        body: { to: contact.pn, ...order },
      }),
    );

  /** What the contact decrypted under this id. */
  const seen = (id: string) =>
    eventually('the contact has it', async () => {
      const path = `GET /messages?account=${contact.pn}&full=true`;
      const { items } = await stack.simulator.api.ok<{ items: { id: string; message: Json }[] }>(path);
      return items.find((item) => item.id === id)?.message;
    });

  /** Lets the contact write, and answers what the webhook got and what is stored. */
  const receive = async (message: Json): Promise<ReceivedData['message']> => {
    const [messageId] = await stack.simulator.send(contact.pn, phone, { message });
    const isIt = (data: unknown) => (data as Partial<ReceivedData>).message?.messageId === messageId;
    const { event } = await receiver.delivery('the message', ({ data }) => isIt(data));
    const { message: delivered } = event.data as unknown as ReceivedData;
    const stored = await ok(
      tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: delivered.id })),
    );
    const { type, text, content } = delivered;
    const file = content?.media as MessageFile | undefined;
    // By now, its file may have been downloaded.
    const media = file && {
      mimeType: file.mimeType,
      sizeBytes: file.sizeBytes,
      width: file.width,
      height: file.height,
    };
    expect(stored).toMatchObject({ type, text, content: content && { ...content, ...(media && { media }) } });
    return delivered;
  };

  it.each(samples)('sends $name', async ({ order, defaults, wire, biz }) => {
    const { type, ...fields } = order;
    const sent = await send(order);
    expect(sent).toMatchObject({ type, text: order.text, content: { ...fields, ...defaults } });
    expect(await seen(sent.messageId)).toMatchObject(wire);
    const query = `account=${phone}&tag=message&direction=in&id=${sent.messageId}`;
    const { xml } = await stack.simulator.api.ok<{ xml: string }>(`GET /stanzas/wait?${query}`);
    expect(xml.slice(xml.indexOf('<biz'))).toBe(`${biz}</message>`);
  });

  it.each(samples)('receives $name', async ({ order, defaults, wire }) => {
    const { type, ...fields } = order;
    const message = await receive(wire);
    expect(message).toMatchObject({ type, sender: { phone: contact.pn } });
    expect(message.content).toMatchObject({ ...fields, ...defaults });
  });

  it.each<[string, Json, Json]>([
    [
      'a chosen row',
      {
        listResponseMessage: {
          title: 'Basic',
          description: 'For small teams',
          listType: 'SINGLE_SELECT',
          singleSelectReply: { selectedRowId: 'basic' },
        },
      },
      { type: 'list-reply', text: 'Basic', content: { id: 'basic', text: 'Basic', description: 'For small teams' } },
    ],
    [
      'a pressed button',
      { buttonsResponseMessage: { selectedButtonId: 'yes', selectedDisplayText: 'Yes', type: 'DISPLAY_TEXT' } },
      { type: 'button-reply', text: 'Yes', content: { id: 'yes', text: 'Yes' } },
    ],
    [
      'a pressed button of a template',
      { templateButtonReplyMessage: { selectedId: 'later', selectedDisplayText: 'Later', selectedIndex: 1 } },
      { type: 'button-reply', text: 'Later', content: { id: 'later', text: 'Later' } },
    ],
    [
      'a pressed native button',
      {
        interactiveResponseMessage: {
          body: { text: 'Later' },
          nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: json({ id: 'later' }), version: 3 },
        },
      },
      { type: 'button-reply', text: 'Later', content: { id: 'later', text: 'Later' } },
    ],
    [
      'a completed flow',
      {
        interactiveResponseMessage: {
          body: { text: 'Sent' },
          nativeFlowResponseMessage: { name: 'flow', paramsJson: json({ flow_token: 'ABC', name: 'Ada' }), version: 3 },
        },
      },
      {
        type: 'flow-reply',
        text: 'Sent',
        content: { name: 'flow', text: 'Sent', params: { flow_token: 'ABC', name: 'Ada' } },
      },
    ],
  ])('receives %s, with the message that it answers', async (_, message, expected) => {
    const asked = await send({ type: 'buttons', text: 'Well?', buttons: [{ type: 'reply', id: 'yes', label: 'Yes' }] });
    const [field, body] = Object.entries(message)[0] as [string, Json];
    const quotedMessage = { interactiveMessage: { body: { text: 'Well?' } } };
    const contextInfo = { stanzaId: asked.messageId, participant: `${phone}@s.whatsapp.net`, quotedMessage };
    expect(await receive({ [field]: { ...body, contextInfo } })).toMatchObject({
      ...expected,
      context: { quoted: { messageId: asked.messageId, senderId: phone } },
    });
  });

  it('sends every example of the documentation', async () => {
    const blocks = [...readFileSync('docs/interactive.md', 'utf8').matchAll(/^```json\n(.*?)^```/gms)];
    const data = (await sampleFiles.jpg()).toString('base64');
    const examples = blocks.map(([, block = '']) => JSON.parse(block) as Json & { header?: { media?: Json } });
    expect(examples.length).toBeGreaterThan(5);
    for (const { header, ...example } of examples) {
      // The address of the picture in it is nobody's.
      const shown = header?.media ? { ...header, media: { type: header.media.type, data } } : header;
      const sent = await send({ ...example, ...(shown && { header: shown }), to: contact.pn });
      expect(sent).toMatchObject({ type: example.type, text: example.text });
    }
  });

  it('sends the choices in words when asked for a plain text', async () => {
    const list = { type: 'list', text: 'Choose one', title: 'Catalogue', footer: 'Soon', buttonText: 'Open', sections };
    const sent = await send({ ...list, fallback: 'text' });
    const text = [
      '*Catalogue*\n\nChoose one\n\n*Plans*\n1. Basic – For small teams',
      '*Services*\n2. Training',
      '_Soon_',
    ].join('\n\n');
    expect(sent).toMatchObject({ type: 'text', text });
    expect(await seen(sent.messageId)).toMatchObject({ extendedTextMessage: { text } });
  });

  it('sends a reply with buttons to a message, and a mention', async () => {
    const question = await session.send(contact.pn, 'a question', { wait: true });
    const buttons = [{ type: 'reply', id: 'yes', label: 'Yes' }];
    const sent = await send({
      type: 'buttons',
      text: 'An answer',
      buttons,
      replyTo: question.id,
      mentions: [contact.pn],
    });
    expect(await seen(sent.messageId)).toMatchObject({
      interactiveMessage: {
        contextInfo: { stanzaId: question.messageId, mentionedJid: [`${contact.pn}@s.whatsapp.net`] },
      },
    });
  });

  describe('with a file in the header', () => {
    const buttons = [{ type: 'reply', id: 'yes', label: 'Yes' }];
    const mixed = [...buttons, { type: 'url', label: 'Site', url: 'https://example.com/' }];
    const flow = [{ name: 'flow', params: { display_text: 'Start' } }];
    type HeaderOf = (message: Record<string, Record<string, Json>>) => Json | undefined;
    const nativeHeader: HeaderOf = ({ interactiveMessage }) => interactiveMessage?.header;
    const classicHeader: HeaderOf = ({ buttonsMessage }) => buttonsMessage;
    const templateHeader: HeaderOf = ({ templateMessage }) => templateMessage?.hydratedTemplate;

    it.each<[string, Json, string, HeaderOf]>([
      ['native buttons', { type: 'buttons', buttons, header: { title: 'Look' } }, 'image', nativeHeader],
      ['classic buttons', { type: 'buttons', style: 'classic', buttons, header: {} }, 'image', classicHeader],
      ['a template', { type: 'buttons', style: 'classic', buttons: mixed, header: {} }, 'video', templateHeader],
      ['a flow', { type: 'flow', buttons: flow, header: { subtitle: 'Read' } }, 'document', nativeHeader],
    ])('sends %s, and receives them', async (_, order, type, headerOf) => {
      const header = order.header as Json;
      const data = (await sampleFiles[type === 'video' ? 'mp4' : 'jpg']()).toString('base64');
      const media = { type, data, caption: 'a file', ...(type === 'document' && { fileName: 'a.jpg' }) };
      const sent = await send({ ...order, text: 'Well?', header: { ...header, media } });
      const file = contentOf<ImageContent>(sent).media;
      const content = { header: { ...header, media: { type, caption: 'a file' } }, media: { status: 'stored' } };
      expect(sent).toMatchObject({ type: order.type, text: 'Well?', content });
      const message = await seen(sent.messageId);
      const shown = headerOf(message as never) as Record<string, Json>;
      const stored = await bytesOf(file.id);
      expect(shown[`${type}Message`]).toMatchObject({
        caption: 'a file',
        mimetype: file.mimeType,
        fileSha256: createHash('sha256').update(stored).digest('base64'),
        directPath: expect.any(String) as string,
        mediaKey: expect.any(String) as string,
        jpegThumbnail: expect.any(String) as string,
      });

      const { directPath: path, mediaKey, fileSha256 } = shown[`${type}Message`] as Record<string, string>;
      const keys = { kind: type as 'image', path: path!, mediaKey, fileSha256 };
      const fetched = await ok(tenant.client.POST('/v1/media/whatsapp', { body: keys }));
      expect((await bytesOf(fetched.id)).equals(stored)).toBe(true);

      const received = await receive(message);
      const waiting = { ...content, media: { status: 'waiting', mimeType: file.mimeType } };
      expect(received).toMatchObject({ type: order.type, content: waiting });
      const isIt = (data: Json) => data.id === received.id && 'media' in data;
      const { event } = await receiver.delivery('the file', (given) => isIt(given.data));
      const { media: downloaded } = event.data as unknown as { media: MessageFile };
      expect(downloaded.status).toBe('stored');
      expect((await bytesOf(downloaded.id)).equals(stored)).toBe(true);
    });

    it('refuses to take a file from WhatsApp that is not there, or not what the keys say', async () => {
      const data = (await sampleFiles.jpg()).toString('base64');
      const sent = await send({ type: 'buttons', text: 'A', buttons, header: { media: { type: 'image', data } } });
      const { imageMessage } = nativeHeader((await seen(sent.messageId)) as never) as Record<string, Json>;
      const { directPath: path, mediaKey } = imageMessage as Record<string, string>;
      const fetchIt = (order: Json) =>
        tenant.api.raw('POST /v1/media/whatsapp', { kind: 'image', path, mediaKey, ...order });
      const other = Buffer.alloc(32, 7).toString('base64');
      expect(await fetchIt({ mediaKey: other })).toMatchObject({ status: 400, body: { code: 'media.damaged' } });
      expect(await fetchIt({ fileSha256: other })).toMatchObject({ status: 400, body: { code: 'media.damaged' } });
      expect(await fetchIt({ path: '/v/nothing' })).toMatchObject({ status: 404, body: { code: 'media.expired' } });
      for (const elsewhere of ['//127.0.0.1/x', 'http://127.0.0.1/x'])
        expect(await fetchIt({ path: elsewhere })).toMatchObject({
          status: 400,
          body: { errors: [{ pointer: '/path' }] },
        });
    });

    it('sends a carousel with files on its cards', async () => {
      const data = (await sampleFiles.png()).toString('base64');
      const { id: mediaId } = await ok(tenant.client.POST('/v1/media/import', { body: { data, kind: 'image' } }));
      const card = (media: Json) => ({ text: 'Card', header: { media }, buttons });
      const cards = [card({ type: 'image', mediaId }), { text: 'Bare', buttons }, card({ type: 'document', mediaId })];
      const sent = await send({ type: 'carousel', text: 'Well?', cards });
      const stored = { status: 'stored', mimeType: 'image/png' };
      expect(contentOf<CarouselContent>(sent).cards).toMatchObject([
        { media: stored },
        { text: 'Bare' },
        { media: stored },
      ]);
      const message = await seen(sent.messageId);
      const file = { directPath: expect.any(String) as string, mediaKey: expect.any(String) as string };
      expect(message).toMatchObject({
        interactiveMessage: {
          carouselMessage: {
            cards: [
              { header: { hasMediaAttachment: true, imageMessage: file } },
              { body: { text: 'Bare' } },
              { header: { hasMediaAttachment: true, documentMessage: file } },
            ],
          },
        },
      });
      const { id, messageId, content } = await receive(message);
      const waiting = { status: 'waiting' };
      expect(content?.cards).toMatchObject([{ media: waiting }, {}, { media: waiting }]);
      const events = await eventually('the files of its cards are there', async () => {
        const all = await tenant.events('message.media');
        const mine = all.filter(({ data }) => data.messageId === messageId);
        return mine.length === 2 && mine;
      });
      expect(events.map(({ data }) => data.card).sort()).toEqual([0, 2]);
      const there = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages/{messageId}', session.at({ messageId: id })),
      );
      expect(contentOf<CarouselContent>(there).cards).toMatchObject([
        { media: stored },
        { text: 'Bare' },
        { media: stored },
      ]);
      const of = (card: '' | `?card=${number}`) => tenant.api.call(`GET ${session.path}/messages/${id}/media${card}`);
      expect(await of('?card=2')).toMatchObject({ status: 200 });
      for (const none of ['', '?card=1', '?card=7'] as const)
        expect(await of(none)).toMatchObject({ status: 404, body: { code: 'message.no-file' } });
    });

    it.each<[string, Json, string, string | undefined]>([
      ['no file', { header: { media: { type: 'image' } } }, 'media.one-source', '/header/media'],
      [
        'what is no picture',
        { header: { media: { type: 'image', data: Buffer.from('words').toString('base64') } } },
        'media.wrong-kind',
        undefined,
      ],
      [
        'a sticker',
        { header: { media: { type: 'sticker', mediaId: 'med_x' } } },
        'request.invalid',
        '/header/media/type',
      ],
      [
        'a classic title beside a file',
        { style: 'classic', header: { title: 'T', media: { type: 'image', mediaId: 'med_x' } } },
        'message.style-unsupported',
        '/header/title',
      ],
      [
        'a file that is not there',
        { header: { media: { type: 'image', mediaId: 'med_x' } } },
        'media.not-found',
        undefined,
      ],
    ])('refuses %s', async (_, order, code, pointer) => {
      const to = '6281399999998';
      const asked = { to, type: 'buttons', text: 'Well?', buttons, ...order };
      const answer = await session.api.raw('POST /messages', asked);
      expect(answer.body).toMatchObject({ code, ...(pointer !== undefined && { errors: [{ pointer }] }) });
      expect(answer.status).toBe(code === 'media.not-found' ? 404 : 400);
      expect(
        (await ok(tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { chatId: to })))).items,
      ).toEqual([]);
    });

    const bytesOf = async (mediaId: string | null) =>
      (await tenant.api.download(`GET /v1/media/${mediaId}/content`)).body;
  });

  describe('bad input', () => {
    const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `r${i}`, title: `Row ${i}` }));
    const list = { type: 'list', text: 'Choose', buttonText: 'Open' };
    const buttons = { type: 'buttons', text: 'Choose' };
    const reply = { type: 'reply', id: 'a', label: 'A' };
    const card = { text: 'Card', buttons: [reply] };
    const payment = { type: 'pix', label: 'Pay', ...pix };
    const bare = { type: 'review-and-pay', label: 'Pay', currency: 'BRL', referenceId: 'R', items: [] };

    it.each<[string, Json, string, string]>([
      ['a list without sections', { ...list, sections: [] }, 'request.invalid', '/sections'],
      ['eleven rows', { ...list, sections: [{ rows: rows(11) }] }, 'request.invalid', '/sections/0/rows'],
      [
        'a row title that is too long',
        { ...list, sections: [{ rows: [{ id: 'a', title: 'x'.repeat(25) }] }] },
        'request.invalid',
        '/sections/0/rows/0/title',
      ],
      [
        'sections without titles',
        { ...list, sections: [{ title: 'A', rows: rows(1) }, { rows: [{ id: 'b', title: 'B' }] }] },
        'message.section-untitled',
        '/sections/1/title',
      ],
      [
        'two rows with one id',
        { ...list, sections: [{ rows: [...rows(1), ...rows(1)] }] },
        'message.row-repeated',
        '/sections/0/rows/1/id',
      ],
      [
        'a text of 5 000 characters',
        { ...buttons, text: 'x'.repeat(5000), buttons: [reply] },
        'request.invalid',
        '/text',
      ],
      ['no buttons', { ...buttons, buttons: [] }, 'request.invalid', '/buttons'],
      ['eleven buttons', { ...buttons, buttons: Array(11).fill(reply) }, 'request.invalid', '/buttons'],
      ['a button that is no object', { ...buttons, buttons: [null] }, 'request.invalid', '/buttons'],
      [
        'a button of an unknown kind',
        { ...buttons, buttons: [reply, { type: 'dance', label: 'A' }] },
        'request.invalid',
        '/buttons/1/type',
      ],
      ['a button without a kind', { ...buttons, buttons: [{ label: 'A' }] }, 'request.invalid', '/buttons/0/type'],
      [
        'a button with a field of another',
        { ...buttons, buttons: [{ ...reply, url: 'https://example.com' }] },
        'request.invalid',
        '/buttons/0/url',
      ],
      [
        'a button that opens no web page',
        { ...buttons, buttons: [{ type: 'url', label: 'A', url: 'javascript:alert(1)' }] },
        'request.invalid',
        '/buttons/0/url',
      ],
      [
        'a button that calls nobody',
        { ...buttons, buttons: [{ type: 'call', label: 'A', phone: '(--) --' }] },
        'request.invalid',
        '/buttons/0/phone',
      ],
      [
        'a classic button that copies',
        { ...buttons, style: 'classic', buttons: [{ type: 'copy', label: 'A', code: 'X' }] },
        'message.style-unsupported',
        '/buttons/0/type',
      ],
      [
        'four classic buttons',
        { ...buttons, style: 'classic', buttons: Array(4).fill(reply) },
        'message.too-many-buttons',
        '/buttons',
      ],
      [
        'a payment beside another button',
        { ...buttons, buttons: [reply, payment] },
        'message.button-not-alone',
        '/buttons/1',
      ],
      ['an order without items', { ...buttons, buttons: [bare] }, 'request.invalid', '/buttons/0/total'],
      [
        'a flow without parameters',
        { type: 'flow', text: 'A', buttons: [{ name: 'flow' }] },
        'request.invalid',
        '/buttons/0/params',
      ],
      [
        'parameters that are too long',
        { type: 'flow', text: 'A', buttons: [{ name: 'flow', params: { a: 'x'.repeat(17_000) } }] },
        'request.invalid',
        '/buttons/0/params',
      ],
      ['no cards', { type: 'carousel', text: 'A', cards: [] }, 'request.invalid', '/cards'],
      [
        'four buttons on a card',
        { type: 'carousel', text: 'A', cards: [card, { ...card, buttons: Array(4).fill(reply) }] },
        'request.invalid',
        '/cards/1/buttons',
      ],
      [
        'a payment on a card',
        { type: 'carousel', text: 'A', cards: [{ ...card, buttons: [payment] }] },
        'request.invalid',
        '/cards/0/buttons/0/type',
      ],
    ])('refuses %s and names the field', async (_, order, code, pointer) => {
      const answer = await session.api.raw('POST /messages', { to: '6281399999999', ...order });
      expect(answer).toMatchObject({ status: 400, body: { code } });
      expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
      const { items } = await ok(
        tenant.client.GET('/v1/sessions/{sessionId}/messages', session.at({}, { chatId: '6281399999999' })),
      );
      expect(items).toEqual([]);
    });
  });
});
