import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import type { MessageFile } from '@app/platform/events/media-content.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import type { MediaKind, MediaOptions, MediaSource } from '../../media/media-kind.js';

/** A file that a message is to bring. */
export interface FileOrder {
  source: MediaSource;
  kind: MediaKind;
  options: MediaOptions;
}

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

/** The content with its file. */
export function withFile(content: MessageContent, file: MediaFile): MessageContent {
  if (!('media' in content)) return content;
  const pages = content.type === 'document' && file.pageCount ? { pageCount: file.pageCount } : {};
  return { ...content, ...pages, media: messageFile(file) };
}
