import { proto } from '@whiskeysockets/baileys';
import { withCaption } from './write-action.js';

describe('withCaption', () => {
  const picture = (contextInfo?: proto.IContextInfo) =>
    Buffer.from(proto.Message.encode({ imageMessage: { caption: 'before', contextInfo } }).finish());
  const edited = (original: Buffer, context: Parameters<typeof withCaption>[2]['context']) => {
    const written = withCaption(original, 'after', { chatId: '120363000000000001@g.us', context });
    return written && proto.Message.decode(written).imageMessage;
  };

  it('changes the caption, and mentions and forwards beside what was answered', () => {
    const mentions = { mentions: ['6281234567890'], isMentioningAll: true, isForwarded: true };
    expect(edited(picture({ stanzaId: 'ANSWERED' }), mentions)).toMatchObject({
      caption: 'after',
      contextInfo: {
        stanzaId: 'ANSWERED',
        mentionedJid: ['6281234567890@s.whatsapp.net'],
        nonJidMentions: 1,
        isForwarded: true,
      },
    });
  });

  it('adds nothing that nobody asked for', () => {
    expect(edited(picture(), {})).toMatchObject({ caption: 'after', contextInfo: null });
    expect(edited(picture(), null)).toMatchObject({ caption: 'after', contextInfo: null });
  });

  it('knows what has no caption', () => {
    expect(edited(Buffer.from(proto.Message.encode({ conversation: 'words' }).finish()), null)).toBeNull();
  });
});
