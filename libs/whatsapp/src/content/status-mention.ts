import { proto } from '@whiskeysockets/baileys';
import type { ContentKind } from './content-kind.js';

const { Type } = proto.Message.ProtocolMessage;

export const statusMention: ContentKind<'status-mention'> = {
  type: 'status-mention',
  fields: ['statusMentionMessage', 'groupStatusMentionMessage'],
  write: ({ statusMessageId: id }) => {
    const key = { remoteJid: 'status@broadcast', fromMe: true, id };
    return { statusMentionMessage: { message: { protocolMessage: { key, type: Type.STATUS_MENTION_MESSAGE } } } };
  },
  read: ({ statusMentionMessage, groupStatusMentionMessage }) => ({
    type: 'status-mention',
    statusMessageId: (statusMentionMessage ?? groupStatusMentionMessage)?.message?.protocolMessage?.key?.id ?? '',
  }),
};
