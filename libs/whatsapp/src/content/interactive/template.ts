import type { proto } from '@whiskeysockets/baileys';
import type { ButtonsContent, InteractiveButton } from '@app/platform/events/interactive-content.js';
import { readHeaderFile, writeHeaderFile } from './header-file.js';
import { present } from './params.js';

/** Replies, links and calls in the older form: a template with its texts filled in. */
export function writeTemplate({ text, footer, header, media, buttons }: ButtonsContent): proto.IMessage {
  const template = {
    hydratedContentText: text,
    hydratedFooterText: footer,
    ...(header?.title && { hydratedTitleText: header.title }),
    ...writeHeaderFile({ header, media }),
    hydratedButtons: buttons.map((button, index) => ({ index: index + 1, ...writeButton(button) })),
  };
  // Clients look into either of the two.
  return { templateMessage: { hydratedTemplate: template, hydratedFourRowTemplate: template } };
}

function writeButton(button: InteractiveButton): proto.IHydratedTemplateButton {
  const displayText = button.label;
  if (button.type === 'reply') return { quickReplyButton: { displayText, id: button.id } };
  if (button.type === 'url') return { urlButton: { displayText, url: button.url } };
  if (button.type === 'call') return { callButton: { displayText, phoneNumber: `+${button.phone}` } };
  throw new Error(`templates have no ${button.type} buttons`);
}

/** Reads a template whose texts are filled in. */
export function readTemplate(message: proto.Message.ITemplateMessage): ButtonsContent {
  const template = message.hydratedTemplate ?? message.hydratedFourRowTemplate;
  const title = template?.hydratedTitleText;
  return {
    type: 'buttons',
    style: 'classic',
    text: template?.hydratedContentText ?? '',
    ...present({ footer: template?.hydratedFooterText }),
    ...(title ? { header: { title } } : readHeaderFile(template)),
    buttons: (template?.hydratedButtons ?? []).map(readButton).filter((button) => button !== null),
  };
}

function readButton({
  quickReplyButton: reply,
  urlButton: link,
  callButton: call,
}: proto.IHydratedTemplateButton): InteractiveButton | null {
  if (reply) return { type: 'reply', id: reply.id ?? '', label: reply.displayText ?? '' };
  if (link) return { type: 'url', label: link.displayText ?? '', url: link.url ?? '' };
  if (call) return { type: 'call', label: call.displayText ?? '', phone: (call.phoneNumber ?? '').replace(/\D/g, '') };
  return null;
}
