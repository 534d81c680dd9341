import { proto } from '@whiskeysockets/baileys';
import type { ListContent, ListSection } from '@app/platform/events/interactive-content.js';
import type { ContentKind } from '../content-kind.js';
import { NATIVE_FLOW_VERSION, readNative, writeNative } from './native-message.js';
import { asList, asText, parseParams, present } from './params.js';

const SINGLE_SELECT = 'single_select';

export const list: ContentKind<'list'> = {
  type: 'list',
  fields: ['listMessage', 'interactiveMessage'],
  accepts: ({ listMessage, interactiveMessage }) =>
    Boolean(listMessage) || interactiveMessage?.nativeFlowMessage?.buttons?.[0]?.name === SINGLE_SELECT,
  write: (content) => (content.style === 'classic' ? writeClassic(content) : writeSingleSelect(content)),
  read: ({ listMessage, interactiveMessage }) =>
    listMessage ? readClassic(listMessage) : readSingleSelect(interactiveMessage ?? {}),
};

function writeClassic({ text, title, footer, buttonText, sections }: ListContent): proto.IMessage {
  return {
    listMessage: {
      title,
      description: text,
      footerText: footer,
      buttonText,
      listType: proto.Message.ListMessage.ListType.SINGLE_SELECT,
      sections: sections.map(({ title, rows }) => ({
        title,
        rows: rows.map(({ id, title, description }) => ({ rowId: id, title, description })),
      })),
    },
  };
}

function writeSingleSelect({ text, title, footer, buttonText, sections }: ListContent): proto.IMessage {
  const buttonParamsJson = JSON.stringify({ title: buttonText, sections });
  return {
    interactiveMessage: {
      ...writeNative({ text, footer, ...(title && { header: { title } }) }),
      nativeFlowMessage: { buttons: [{ name: SINGLE_SELECT, buttonParamsJson }], messageVersion: NATIVE_FLOW_VERSION },
    },
  };
}

function readClassic(message: proto.Message.IListMessage): ListContent {
  const products = message.productListInfo?.productSections?.map(({ title, products }) => ({
    ...present({ title }),
    productIds: (products ?? []).map(({ productId }) => productId ?? ''),
  }));
  return {
    type: 'list',
    style: 'classic',
    text: message.description ?? '',
    ...present({ title: message.title, footer: message.footerText }),
    buttonText: message.buttonText ?? '',
    sections: (message.sections ?? []).map(({ title, rows }) => ({
      ...present({ title }),
      rows: (rows ?? []).map(({ rowId, title, description }) => readRow(rowId, title, description)),
    })),
    ...(products?.length && { products }),
  };
}

function readSingleSelect(message: proto.Message.IInteractiveMessage): ListContent {
  const { text, footer, header } = readNative(message);
  const params = parseParams(message.nativeFlowMessage?.buttons?.[0]?.buttonParamsJson);
  const sections = asList(params.sections).map(({ title, rows }): ListSection => ({
    ...present({ title: asText(title) }),
    rows: asList(rows).map(({ id, title, description }) => readRow(asText(id), asText(title), asText(description))),
  }));
  const buttonText = asText(params.title);
  return { type: 'list', style: 'native', text, ...present({ title: header?.title, footer }), buttonText, sections };
}

const readRow = (id?: string | null, title?: string | null, description?: string | null) => ({
  id: id ?? '',
  title: title ?? '',
  ...present({ description }),
});
