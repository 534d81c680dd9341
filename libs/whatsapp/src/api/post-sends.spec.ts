import { proto, type WASocket } from '@whiskeysockets/baileys';
import { writeEdit, writeRevoke } from '../actions/write-action.js';
import { PostSends } from './post-sends.js';

const chatId = '120363000000000001@newsletter';
const target = { messageId: 'POST', chatId, author: chatId, fromMe: true };
const text = (conversation: string) => Buffer.from(proto.Message.encode({ conversation }).finish());

describe('PostSends', () => {
  const wire: unknown[] = [];
  const relayMessage: WASocket['relayMessage'] = (_, message, { messageId, additionalAttributes }) => {
    wire.push({ messageId, edit: additionalAttributes?.edit, text: message.conversation });
    return Promise.resolve(messageId ?? '');
  };
  const sends = new PostSends({ relayMessage });
  const send = (messageId: string, message: Buffer) => sends.send(chatId, messageId, proto.Message.decode(message));
  const ack = (errorCode: string | null = null) => sends.ackOf({ messageId: 'POST', errorCode });

  it('sends changes under the id of the post, and knows whose ack comes', async () => {
    await send('POST', text('Rey'));
    await send('EDIT', writeEdit(target, text('Rye')));
    await send('GONE', writeRevoke(target));
    expect(wire).toEqual([
      { messageId: 'POST', edit: undefined, text: 'Rey' },
      { messageId: 'POST', edit: '3', text: 'Rye' },
      { messageId: 'POST', edit: '8', text: undefined },
    ]);
    expect([ack(), ack(), ack()].map(({ messageId }) => messageId)).toEqual(['POST', 'EDIT', 'GONE']);
    expect(ack().messageId).toBe('POST');
  });

  it('takes a message that is sent again for one', async () => {
    for (let times = 0; times < 2; times++) await send('EDIT', writeEdit(target, text('Rye')));
    expect([ack().messageId, ack().messageId]).toEqual(['EDIT', 'POST']);
  });

  it('takes a post that is not there for deleted, and nothing else', async () => {
    await send('GONE', writeRevoke(target));
    expect(ack('404')).toEqual({ messageId: 'GONE', errorCode: null });
    await send('GONE', writeRevoke(target));
    expect(ack('403')).toEqual({ messageId: 'GONE', errorCode: '403' });
    await send('EDIT', writeEdit(target, text('Rye')));
    expect(ack('404')).toEqual({ messageId: 'EDIT', errorCode: '404' });
  });
});
