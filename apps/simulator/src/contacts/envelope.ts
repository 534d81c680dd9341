import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import { kindOf, unwrap } from './plaintext.js';

const { Type } = proto.Message.ProtocolMessage;

/** What is written on the outside of a message, because the service cannot look inside. */
export interface Envelope {
  type: string;
  /** What a change of an earlier message is: 1 edited, 2 pinned, 7 deleted. */
  edit: string | undefined;
  /** Attributes of each ciphertext. */
  enc: Record<string, string>;
  notes: Stanza[];
}

const types: Record<string, string> = {
  reactionMessage: 'reaction',
  encReactionMessage: 'reaction',
  pollCreationMessage: 'poll',
  pollCreationMessageV2: 'poll',
  pollCreationMessageV3: 'poll',
  pollUpdateMessage: 'poll',
  eventMessage: 'event',
  encEventResponseMessage: 'event',
};
const mediaTypes: Record<string, string> = {
  imageMessage: 'image',
  videoMessage: 'video',
  audioMessage: 'audio',
  documentMessage: 'document',
  stickerMessage: 'sticker',
  contactMessage: 'vcard',
  contactsArrayMessage: 'contact_array',
  liveLocationMessage: 'livelocation',
  listMessage: 'list',
  listResponseMessage: 'list_response',
  buttonsResponseMessage: 'buttons_response',
  orderMessage: 'order',
  productMessage: 'product',
  interactiveResponseMessage: 'native_flow_response',
  groupInviteMessage: 'url',
};
const hiddenWhenUnreadable = new Set(['reactionMessage', 'pinInChatMessage', 'pollUpdateMessage']);

/** The outside of a message, as clients write it. */
export function envelopeOf(message: proto.IMessage): Envelope {
  const kind = kindOf(message);
  const mediaType = mediaTypeOf(kind, unwrap(message));
  const enc: Envelope['enc'] = mediaType ? { mediatype: mediaType } : {};
  if (hiddenWhenUnreadable.has(kind)) enc['decrypt-fail'] = 'hide';
  return {
    type: types[kind] ?? (mediaType ? 'media' : 'text'),
    edit: editOf(unwrap(message)),
    enc,
    notes: notesFor(kind),
  };
}

function mediaTypeOf(kind: string, content: proto.IMessage): string | undefined {
  if (content.audioMessage?.ptt) return 'ptt';
  return content.videoMessage?.gifPlayback ? 'gif' : mediaTypes[kind];
}

function editOf({ protocolMessage, pinInChatMessage }: proto.IMessage): string | undefined {
  if (pinInChatMessage) return '2';
  if (!protocolMessage) return undefined;
  if (protocolMessage.type === Type.MESSAGE_EDIT) return '1';
  return protocolMessage.type === Type.REVOKE ? '7' : undefined;
}

function notesFor(kind: string): Stanza[] {
  if (kind.startsWith('pollCreationMessage')) return [stanza('meta', { polltype: 'creation' })];
  if (kind === 'pollUpdateMessage') return [stanza('meta', { polltype: 'vote' })];
  if (kind === 'eventMessage') return [stanza('meta', { event_type: 'creation' })];
  return kind === 'encEventResponseMessage' ? [stanza('meta', { event_type: 'response' })] : [];
}
