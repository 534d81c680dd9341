import type { proto } from '@whiskeysockets/baileys';
import type { Headed } from '@app/platform/events/interactive-content.js';
import { readHeaderFile, writeHeaderFile } from './header-file.js';
import { present } from './params.js';

/** The parts that all interactive messages of the native form have in common. */
export interface NativeParts extends Headed {
  text: string;
  footer?: string;
}

/** Version of native flow messages that WhatsApp's own clients write. */
export const NATIVE_FLOW_VERSION = 1;

export function writeNative({ text, footer, header, media }: NativeParts): proto.Message.IInteractiveMessage {
  const file = writeHeaderFile({ header, media });
  const { title, subtitle } = header ?? {};
  return {
    ...(header && { header: { title, subtitle, hasMediaAttachment: Object.keys(file).length > 0, ...file } }),
    body: { text },
    ...(footer && { footer: { text: footer } }),
  };
}

export function readNative(message: proto.Message.IInteractiveMessage): NativeParts {
  const { header: fileHeader, media } = readHeaderFile(message.header);
  const header = { ...present({ title: message.header?.title, subtitle: message.header?.subtitle }), ...fileHeader };
  return {
    text: message.body?.text ?? '',
    ...present({ footer: message.footer?.text }),
    ...(Object.keys(header).length > 0 && { header }),
    ...(media && { media }),
  };
}
