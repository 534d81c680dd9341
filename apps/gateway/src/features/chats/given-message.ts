import { invalid } from '@app/platform/errors/app-error.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import type { LastMessage } from '@app/whatsapp/api/chats.js';

/** A message as a caller describes it; it need not be stored here. */
export interface GivenMessage {
  messageId?: string;
  timestamp?: Date;
  fromMe?: boolean;
  senderId?: string;
}

/** The key by which WhatsApp knows a message that a caller describes under `pointer`. Throws what is missing. */
export function keyOfGiven(chatId: string, given: GivenMessage, pointer: string): LastMessage {
  const { messageId = null, timestamp, fromMe = false, senderId } = given;
  if (!timestamp)
    throw invalid('request.invalid', `${pointer}/timestamp`, 'is needed for a message that is not stored');
  const isShared = chatKindOf(chatId) !== 'person';
  if (isShared && messageId !== null && !fromMe && senderId === undefined)
    throw invalid('request.invalid', `${pointer}/senderId`, 'is needed for what somebody else wrote in a group');
  const author = senderId ?? chatId;
  return { chatId, messageId, senderId: author, authorAddress: author, fromMe, timestamp: timestamp.toISOString() };
}
