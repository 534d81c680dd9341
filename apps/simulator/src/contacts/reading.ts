import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { kindOf, textOf, unwrap } from './plaintext.js';

const { Type } = proto.Message.ProtocolMessage;

/** What a person makes of a message; what does not apply is absent. */
export interface Reading {
  kind: string;
  text: string | null;
  /** Set when it disappears once viewed. */
  viewOnce?: true;
  /** The message it answers. */
  quoted?: string;
  /** The earlier message it reacts to, changes, deletes, pins, votes in or responds to. */
  target?: string;
  /** What a protocol message does: `REVOKE`, `MESSAGE_EDIT`, `EPHEMERAL_SETTING` … */
  action?: string;
  mentions?: string[];
  /** The choices of a poll. */
  options?: string[];
  /** The options somebody voted for. */
  vote?: string[];
  /** The answer to an event: `GOING`, `NOT_GOING`, `MAYBE`. */
  response?: string;
}

type Content = proto.IMessage;

/** Reads everything that needs no secret. */
export function readingOf(message: Content): Reading {
  const content = unwrap(message);
  const reading: Reading = { kind: kindOf(message), text: textOf(message) ?? labelOf(content) };
  const context = contextOf(content);
  const options = pollOf(content)?.options;
  return {
    ...reading,
    ...given('viewOnce', isViewOnce(message) || undefined),
    ...given('quoted', context?.stanzaId),
    ...given('mentions', context?.mentionedJid?.length ? context.mentionedJid : undefined),
    ...given('target', targetOf(content)?.id),
    ...given('action', actionOf(content)),
    ...given(
      'options',
      options?.map(({ optionName }) => optionName ?? ''),
    ),
  };
}

/** The poll in a message, in whichever version of the format it was written. */
export function pollOf(content: Content): proto.Message.IPollCreationMessage | undefined {
  return content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3 ?? undefined;
}

function given<K extends keyof Reading>(name: K, value: Reading[K] | null): Partial<Reading> {
  return value === undefined || value === null ? {} : { [name]: value };
}

function isViewOnce({ viewOnceMessage, viewOnceMessageV2, ephemeralMessage }: Content): boolean {
  const inner = ephemeralMessage?.message;
  return !!(viewOnceMessage ?? viewOnceMessageV2) || (!!inner && isViewOnce(inner));
}

/** What is shown of a message that is not a text. */
function labelOf(content: Content): string | null {
  const edited = content.protocolMessage?.editedMessage;
  if (edited) return textOf(edited);
  return questionOf(content) ?? placeOf(content) ?? answerOf(content) ?? content.reactionMessage?.text ?? null;
}

function questionOf(content: Content): string | null | undefined {
  return pollOf(content)?.name ?? content.eventMessage?.name;
}

function placeOf(content: Content): string | null | undefined {
  const { contactMessage, contactsArrayMessage, locationMessage, liveLocationMessage } = content;
  return (
    contactMessage?.displayName ??
    contactsArrayMessage?.displayName ??
    locationMessage?.name ??
    liveLocationMessage?.caption
  );
}

function answerOf(content: Content): string | null | undefined {
  const { listResponseMessage, buttonsResponseMessage, templateButtonReplyMessage, interactiveResponseMessage } =
    content;
  return (
    listResponseMessage?.title ??
    buttonsResponseMessage?.selectedDisplayText ??
    templateButtonReplyMessage?.selectedDisplayText ??
    interactiveResponseMessage?.body?.text
  );
}

/** The quote, mentions and the like, which every kind of content carries in a field of the same name. */
function contextOf(content: Content): proto.IContextInfo | undefined {
  const body = content[kindOf(content) as keyof Content];
  if (typeof body !== 'object' || body === null || !('contextInfo' in body)) return undefined;
  return (body.contextInfo as proto.IContextInfo | null) ?? undefined;
}

function targetOf(content: Content): proto.IMessageKey | null | undefined {
  return (
    content.reactionMessage?.key ??
    content.protocolMessage?.key ??
    content.pinInChatMessage?.key ??
    content.pollUpdateMessage?.pollCreationMessageKey ??
    content.encEventResponseMessage?.eventCreationMessageKey ??
    content.keepInChatMessage?.key
  );
}

function actionOf({ protocolMessage }: Content): string | undefined {
  return protocolMessage ? Type[protocolMessage.type ?? Type.REVOKE] : undefined;
}
