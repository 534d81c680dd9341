import { proto } from '@whiskeysockets/baileys';
import type { ButtonsContent, InteractiveButton } from '@app/platform/events/interactive-content.js';
import type { ContentKind } from '../content-kind.js';
import { readHeaderFile, writeHeaderFile } from './header-file.js';
import { NATIVE_FLOW_VERSION, readNative, writeNative } from './native-message.js';
import { readNativeButton, writeNativeButton } from './native-button.js';
import { readTemplate, writeTemplate } from './template.js';
import { present } from './params.js';

const { Type: ButtonType } = proto.Message.ButtonsMessage.Button;
const { HeaderType } = proto.Message.ButtonsMessage;

export const buttons: ContentKind<'buttons'> = {
  type: 'buttons',
  fields: ['buttonsMessage', 'templateMessage', 'interactiveMessage'],
  accepts: ({ interactiveMessage }) => !interactiveMessage || nativeButtons(interactiveMessage) !== null,
  write(content) {
    if (content.style === 'native') return writeNativeButtons(content);
    return content.buttons.every(({ type }) => type === 'reply') ? writeClassic(content) : writeTemplate(content);
  },
  read({ buttonsMessage, templateMessage, interactiveMessage }) {
    if (buttonsMessage) return readClassic(buttonsMessage);
    const native = interactiveMessage ?? templateMessage?.interactiveMessageTemplate;
    return native ? readNativeButtons(native) : readTemplate(templateMessage ?? {});
  },
};

const writeNativeButtons = (content: ButtonsContent): proto.IMessage => ({
  interactiveMessage: {
    ...writeNative(content),
    nativeFlowMessage: { buttons: content.buttons.map(writeNativeButton), messageVersion: NATIVE_FLOW_VERSION },
  },
});

const readNativeButtons = (message: proto.Message.IInteractiveMessage): ButtonsContent => ({
  type: 'buttons',
  style: 'native',
  ...readNative(message),
  buttons: nativeButtons(message) ?? [],
});

/** The buttons of a native message; null when there are others than we have fields for. */
function nativeButtons({ nativeFlowMessage }: proto.Message.IInteractiveMessage): InteractiveButton[] | null {
  const given = nativeFlowMessage?.buttons ?? [];
  const read = given.map(readNativeButton).filter((button) => button !== null);
  return read.length > 0 && read.length === given.length ? read : null;
}

const headerTypes = { image: HeaderType.IMAGE, video: HeaderType.VIDEO, document: HeaderType.DOCUMENT };

function headerTypeOf({ header }: ButtonsContent) {
  if (header?.media) return headerTypes[header.media.type];
  return header?.title ? HeaderType.TEXT : HeaderType.EMPTY;
}

function writeClassic(content: ButtonsContent): proto.IMessage {
  const { text, footer, header, buttons } = content;
  return {
    buttonsMessage: {
      contentText: text,
      footerText: footer,
      headerType: headerTypeOf(content),
      ...(header?.title && { text: header.title }),
      ...writeHeaderFile(content),
      buttons: buttons.map(({ id, label }) => ({
        buttonId: id,
        buttonText: { displayText: label },
        type: ButtonType.RESPONSE,
      })),
    },
  };
}

function readClassic(message: proto.Message.IButtonsMessage): ButtonsContent {
  const { contentText, footerText, text, buttons } = message;
  return {
    type: 'buttons',
    style: 'classic',
    text: contentText ?? '',
    ...present({ footer: footerText }),
    ...(text ? { header: { title: text } } : readHeaderFile(message)),
    buttons: (buttons ?? []).map(
      ({ buttonId, buttonText, nativeFlowInfo: flow }) =>
        (flow && readNativeButton({ name: flow.name, buttonParamsJson: flow.paramsJson })) ?? {
          type: 'reply',
          id: buttonId ?? '',
          label: buttonText?.displayText ?? '',
        },
    ),
  };
}
