import { proto } from '@whiskeysockets/baileys';
import { statusFonts, type StatusFont } from '@app/platform/events/content-shapes.js';
import { stated } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

const { FontType } = proto.Message.ExtendedTextMessage;
type Font = proto.Message.ExtendedTextMessage.FontType;

/** In the order of `statusFonts`. */
const FONTS: Font[] = [
  FontType.SYSTEM,
  FontType.SYSTEM_TEXT,
  FontType.FB_SCRIPT,
  FontType.SYSTEM_BOLD,
  FontType.MORNINGBREEZE_REGULAR,
  FontType.CALISTOGA_REGULAR,
  FontType.EXO2_EXTRABOLD,
  FontType.COURIERPRIME_BOLD,
];

export const text: ContentKind<'text'> = {
  type: 'text',
  fields: ['conversation', 'extendedTextMessage'],
  // Links are not looked up here: that would fetch a stranger's URL.
  write: ({ text, linkPreview, backgroundColor, textColor, font }, { thumbnail }) => ({
    extendedTextMessage: {
      text,
      ...(linkPreview && {
        matchedText: linkPreview.url,
        title: linkPreview.title,
        description: linkPreview.description,
        previewType: 0,
        jpegThumbnail: thumbnail,
      }),
      ...(backgroundColor && { backgroundArgb: argbOf(backgroundColor) }),
      ...(textColor && { textArgb: argbOf(textColor) }),
      ...(font && { font: FONTS[statusFonts.indexOf(font)] }),
    },
  }),
  read: ({ conversation, extendedTextMessage }) => {
    const body = extendedTextMessage ?? {};
    return {
      type: 'text',
      text: conversation ?? body.text ?? '',
      ...(body.matchedText && {
        linkPreview: stated({ url: body.matchedText, title: body.title, description: body.description }),
      }),
      ...(body.backgroundArgb && { backgroundColor: colorOf(body.backgroundArgb) }),
      ...(body.textArgb && { textColor: colorOf(body.textArgb) }),
      ...(body.font && { font: fontOf(body.font) }),
    };
  },
};

const fontOf = (font: Font): StatusFont => statusFonts[FONTS.indexOf(font)] ?? 'system';

/** `#RRGGBB` or `#RRGGBBAA` as the number that WhatsApp writes: alpha first. */
function argbOf(color: string): number {
  const [rgb, alpha] = [color.slice(1, 7), color.slice(7) || 'ff'];
  return Number.parseInt(alpha + rgb, 16);
}

function colorOf(argb: number): string {
  const hex = (argb >>> 0).toString(16).padStart(8, '0');
  return `#${hex.slice(2)}${hex.startsWith('ff') ? '' : hex.slice(0, 2)}`;
}
