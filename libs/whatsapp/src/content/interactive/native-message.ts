import type { proto } from '@whiskeysockets/baileys';
import type { InteractiveHeader } from '@app/platform/events/interactive-content.js';
import { present } from './params.js';

/** The parts that all interactive messages of the native form have in common. */
export interface NativeParts {
  text: string;
  footer?: string;
  header?: InteractiveHeader;
}

/** Version of native flow messages that WhatsApp's own clients write. */
export const NATIVE_FLOW_VERSION = 1;

export const writeNative = ({ text, footer, header }: NativeParts): proto.Message.IInteractiveMessage => ({
  ...(header && { header: { ...header, hasMediaAttachment: false } }),
  body: { text },
  ...(footer && { footer: { text: footer } }),
});

export function readNative(message: proto.Message.IInteractiveMessage): NativeParts {
  const header = present({ title: message.header?.title, subtitle: message.header?.subtitle });
  return {
    text: message.body?.text ?? '',
    ...present({ footer: message.footer?.text }),
    ...(Object.keys(header).length > 0 && { header }),
  };
}
