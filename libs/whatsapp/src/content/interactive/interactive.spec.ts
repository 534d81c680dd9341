import { proto } from '@whiskeysockets/baileys';
import type { InteractiveContent } from '@app/platform/events/interactive-content.js';
import { readMessage } from '../read-message.js';
import { stanzaOf } from '../stanza.js';
import { writeMessage } from '../write-message.js';

const money = { value: 10_990, offset: 100 };
const sections = [
  { title: 'Plans', rows: [{ id: 'basic', title: 'Basic', description: 'For small teams' }] },
  { title: 'Services', rows: [{ id: 'training', title: 'Training' }] },
];
const pix = { key: 'pay@example.com', keyType: 'EMAIL' as const, merchantName: 'Example Store' };

const written: [string, InteractiveContent][] = [
  [
    'a classic list',
    { type: 'list', style: 'classic', text: 'Choose', title: 'Shop', footer: 'f', buttonText: 'Open', sections },
  ],
  ['a native list', { type: 'list', style: 'native', text: 'Choose', title: 'Shop', buttonText: 'Open', sections }],
  [
    'classic reply buttons',
    {
      type: 'buttons',
      style: 'classic',
      text: 'Coming?',
      footer: 'f',
      header: { title: 'Party' },
      buttons: [{ type: 'reply', id: 'yes', label: 'Yes' }],
    },
  ],
  [
    'a template',
    {
      type: 'buttons',
      style: 'classic',
      text: 'Ask us',
      header: { title: 'Help' },
      buttons: [
        { type: 'reply', id: 'later', label: 'Later' },
        { type: 'url', label: 'Site', url: 'https://example.com/' },
        { type: 'call', label: 'Call', phone: '6281234567890' },
      ],
    },
  ],
  [
    'native buttons',
    {
      type: 'buttons',
      style: 'native',
      text: 'Ask us',
      footer: 'f',
      header: { title: 'Help', subtitle: 'now' },
      buttons: [
        { type: 'reply', id: 'later', label: 'Later' },
        { type: 'url', id: 'u', label: 'Site', url: 'https://example.com/' },
        { type: 'call', label: 'Call', phone: '6281234567890' },
        { type: 'copy', label: 'Copy', code: 'COUPON' },
      ],
    },
  ],
  [
    'a PIX button',
    { type: 'buttons', style: 'native', text: 'Pay', buttons: [{ type: 'pix', id: 'p', label: 'Pay', ...pix }] },
  ],
  [
    'a payment',
    {
      type: 'buttons',
      style: 'native',
      text: 'Pay',
      buttons: [
        {
          type: 'review-and-pay',
          label: 'Review',
          currency: 'BRL',
          referenceId: 'ORDER-1',
          total: money,
          items: [{ id: 'i', name: 'Headphones', quantity: 1, amount: money }],
          pix,
        },
      ],
    },
  ],
  [
    'a flow',
    {
      type: 'flow',
      text: 'Sign up',
      header: { title: 'Form' },
      version: 3,
      params: { flow_type: 'registration' },
      buttons: [{ name: 'flow', params: { display_text: 'Start', flow_id: '1', nested: { deep: [1] } } }],
    },
  ],
  [
    'a carousel',
    {
      type: 'carousel',
      text: 'New',
      cards: [
        { text: 'One', header: { title: 'First' }, buttons: [{ type: 'copy', id: 'c', label: 'Copy', code: 'X' }] },
        { text: 'Two', footer: 'f', buttons: [{ type: 'reply', id: 'buy', label: 'Buy' }] },
      ],
    },
  ],
];

const read = (message: proto.IMessage) =>
  readMessage(proto.Message.decode(proto.Message.encode(proto.Message.create(message)).finish()))?.content;

const answer = (name: string, params: unknown, text = '') => ({
  interactiveResponseMessage: {
    body: { text },
    nativeFlowResponseMessage: { name, paramsJson: typeof params === 'string' ? params : JSON.stringify(params) },
  },
});

describe('interactive messages', () => {
  it.each(written)('reads %s as it was written', (_, content) => {
    const message = proto.Message.decode(writeMessage(content, { chatId: '6281234567890', context: null }));
    expect(readMessage(message)?.content).toEqual(content);
  });

  it.each<[string, proto.IMessage, InteractiveContent]>([
    [
      'a row of a classic list',
      {
        listResponseMessage: { title: 'Basic', description: 'd', singleSelectReply: { selectedRowId: 'basic' } },
      },
      { type: 'list-reply', id: 'basic', text: 'Basic', description: 'd' },
    ],
    [
      'a row of a native list',
      answer('menu_options', { id: 'basic', title: 'Basic', description: 'd' }),
      { type: 'list-reply', id: 'basic', text: 'Basic', description: 'd' },
    ],
    [
      'a classic button',
      { buttonsResponseMessage: { selectedButtonId: 'yes', selectedDisplayText: 'Yes' } },
      { type: 'button-reply', id: 'yes', text: 'Yes' },
    ],
    [
      'a button of a template',
      { templateButtonReplyMessage: { selectedId: 'yes', selectedDisplayText: 'Yes', selectedIndex: 1 } },
      { type: 'button-reply', id: 'yes', text: 'Yes' },
    ],
    ['a native button', answer('quick_reply', { id: 'yes' }, 'Yes'), { type: 'button-reply', id: 'yes', text: 'Yes' }],
    [
      'a completed flow',
      answer('flow', { flow_token: 't', name: 'Ada' }, 'Sent'),
      { type: 'flow-reply', name: 'flow', text: 'Sent', params: { flow_token: 't', name: 'Ada' } },
    ],
    [
      'an answer that is no JSON',
      answer('quick_reply', '{"id":'),
      { type: 'flow-reply', name: 'quick_reply', text: '', params: {} },
    ],
  ])('reads the answer to %s', (_, message, content) => {
    expect(read(message)).toEqual(content);
  });

  it('reads a list of products, and a flow with buttons that it does not know', () => {
    const productListInfo = { productSections: [{ title: 'Shoes', products: [{ productId: '7' }] }] };
    expect(read({ listMessage: { description: 'Choose', productListInfo } })).toMatchObject({
      type: 'list',
      products: [{ title: 'Shoes', productIds: ['7'] }],
    });
    const buttons = [
      { name: 'quick_reply', buttonParamsJson: '{"id":"a"}' },
      { name: 'send_location', buttonParamsJson: 'null' },
    ];
    expect(read({ interactiveMessage: { nativeFlowMessage: { buttons } } })).toMatchObject({
      type: 'flow',
      buttons: [
        { name: 'quick_reply', params: { id: 'a' } },
        { name: 'send_location', params: {} },
      ],
    });
  });

  it('puts a node beside the message that says what it is', () => {
    const chatId = '6281234567890';
    const nodeOf = (content: InteractiveContent) =>
      stanzaOf(proto.Message.decode(writeMessage(content, { chatId, context: null })), chatId).additionalNodes;
    const node = (n: number) => nodeOf(written[n]![1]);
    const native = { tag: 'native_flow', attrs: { v: '9', name: 'mixed' } };
    const interactive = { tag: 'interactive', attrs: { type: 'native_flow', v: '1' }, content: [native] };
    const mixed = [{ tag: 'biz', attrs: {}, content: [interactive] }];
    const list = { tag: 'list', attrs: { type: 'single_select', v: '2' } };
    expect(node(0)).toEqual([{ tag: 'biz', attrs: {}, content: [list] }]);
    expect(node(1)).toEqual(mixed);
    expect(node(2)).toEqual([{ tag: 'biz', attrs: {}, content: [{ tag: 'buttons', attrs: {} }] }]);
    expect(node(3)).toEqual([{ tag: 'biz', attrs: {} }]);
    expect(node(4)).toEqual(mixed);
    expect(node(5)).toEqual([{ tag: 'biz', attrs: { native_flow_name: 'payment_info' } }]);
    expect(node(6)).toEqual([{ tag: 'biz', attrs: { native_flow_name: 'order_details' } }]);
    expect(node(8)).toEqual(mixed);
    expect(stanzaOf({ conversation: 'hi' }, chatId)).toEqual({});
  });
});
