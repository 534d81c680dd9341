import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import type { MessageFile } from '@app/platform/events/media-content.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import type { MediaKind, MediaOptions, MediaSource } from '@app/platform/media/media-kind.js';

/** A file that a message is to bring. */
export interface FileOrder {
  source: MediaSource;
  kind: MediaKind;
  options: MediaOptions;
  /** Number of the card that shows it, when the message has cards. */
  card?: number;
  /** What recipients are told that it is, in place of what its bytes say. */
  mimeType?: string;
}

/** The file that a stored message brings, or one of its cards; null when there is none. */
export function fileIn({ content }: { content: object | null }, card: number): MessageFile | null {
  const fields = (content ?? {}) as { media?: MessageFile; cards?: { media?: MessageFile }[] };
  return (card < 0 ? fields.media : fields.cards?.[card]?.media) ?? null;
}

/** Stands in a content for a file that is still to be fetched and looked at. */
export const NO_FILE = {} as MessageFile;

/** A file of the library as messages show it. */
export const messageFile = (file: MediaFile): MessageFile => ({
  id: file.id,
  status: 'stored',
  mimeType: file.mimeType,
  sizeBytes: file.sizeBytes,
  fileName: file.fileName,
  width: file.width,
  height: file.height,
  seconds: file.seconds,
  isAnimated: file.isAnimated ?? false,
});

/** The content with its file, or with that of one of its cards. */
export function withFile(content: MessageContent, { card, mimeType }: FileOrder, file: MediaFile): MessageContent {
  const media = { ...messageFile(file), ...(mimeType && { mimeType }) };
  if (content.type === 'carousel')
    return { ...content, cards: content.cards.map((shown, index) => (index === card ? { ...shown, media } : shown)) };
  if (!('media' in content)) return content;
  const pages = content.type === 'document' && file.pageCount ? { pageCount: file.pageCount } : {};
  return { ...content, ...pages, media };
}
