import type { proto } from '@whiskeysockets/baileys';
import type { ContentOf } from '@app/platform/events/message-content.js';
import type { ContentKind } from '../content-kind.js';
import { asParams, asText, type Params, parseParams, present } from './params.js';

type Answer = proto.Message.IInteractiveResponseMessage;

/** Names under which clients answer to the rows of a native list. */
const LIST_ANSWERS = new Set(['single_select', 'menu_options']);

/** Which of the three kinds of reply an answer to a native flow is. */
function replyTypeOf({ interactiveResponseMessage: answer }: proto.IMessage) {
  const { name, paramsJson } = answer?.nativeFlowResponseMessage ?? {};
  if (!asText(idIn(parseParams(paramsJson)))) return 'flow-reply';
  if (name === 'quick_reply') return 'button-reply';
  return LIST_ANSWERS.has(name ?? '') ? 'list-reply' : 'flow-reply';
}

const idIn = (params: Params) => params.id ?? asParams(params.selected_row).id;

export const listReply: ContentKind<'list-reply'> = {
  type: 'list-reply',
  fields: ['listResponseMessage', 'interactiveResponseMessage'],
  accepts: (message) => Boolean(message.listResponseMessage) || replyTypeOf(message) === 'list-reply',
  read({ listResponseMessage: reply, interactiveResponseMessage: answer }) {
    if (!reply) return nativeListReply(answer ?? {});
    const { title, description, singleSelectReply } = reply;
    const id = singleSelectReply?.selectedRowId ?? '';
    return { type: 'list-reply', id, text: title ?? '', ...present({ description }) };
  },
};

function nativeListReply({ body, nativeFlowResponseMessage }: Answer): ContentOf<'list-reply'> {
  const params = parseParams(nativeFlowResponseMessage?.paramsJson);
  const row = { ...params, ...asParams(params.selected_row) };
  const text = asText(row.title) || (body?.text ?? '');
  return { type: 'list-reply', id: asText(idIn(params)), text, ...present({ description: asText(row.description) }) };
}

export const buttonReply: ContentKind<'button-reply'> = {
  type: 'button-reply',
  fields: ['buttonsResponseMessage', 'templateButtonReplyMessage', 'interactiveResponseMessage'],
  accepts: (message) => !message.interactiveResponseMessage || replyTypeOf(message) === 'button-reply',
  read({ buttonsResponseMessage: button, templateButtonReplyMessage: template, interactiveResponseMessage: answer }) {
    if (answer) return nativeButtonReply(answer);
    const id = button?.selectedButtonId ?? template?.selectedId ?? '';
    const text = button?.selectedDisplayText ?? template?.selectedDisplayText ?? '';
    return { type: 'button-reply', id, text };
  },
};

function nativeButtonReply({ body, nativeFlowResponseMessage }: Answer): ContentOf<'button-reply'> {
  const params = parseParams(nativeFlowResponseMessage?.paramsJson);
  const text = asText(params.display_text) || (body?.text ?? '');
  return { type: 'button-reply', id: asText(params.id), text };
}

export const flowReply: ContentKind<'flow-reply'> = {
  type: 'flow-reply',
  fields: ['interactiveResponseMessage'],
  read({ interactiveResponseMessage: answer }) {
    const { name, paramsJson } = answer?.nativeFlowResponseMessage ?? {};
    return {
      type: 'flow-reply',
      name: name ?? '',
      text: answer?.body?.text ?? '',
      params: parseParams(paramsJson),
    };
  },
};
