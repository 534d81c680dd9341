import type { MediaContent, MediaType } from '@app/platform/events/media-content.js';
import { Flag, Integer, OneOf, Text } from '@app/platform/http/fields.js';
import {
  stickerShapes,
  type MediaOptions,
  type ReceivedFile,
  type StickerShape,
} from '@app/platform/media/media-kind.js';
import { type FileOrder, NO_FILE } from '../files/file-order.js';
import type { SendOptions } from '../message-options.js';
import { AlbumOf, Audience, ViewOnce } from './option.fields.js';
import { SendMessageDto } from './send-message.dto.js';
import { Thumbnail, ThumbnailDto } from './thumbnail.dto.js';

/** As many characters as WhatsApp's apps take. */
const MAX_CAPTION = 1024;
/** Base64 of the largest JSON body that can be allowed. */
const MAX_DATA = 268_435_456;

/** What every message with a file can be sent with: the file comes from exactly one of `url`, `data` and `mediaId`. */
export abstract class SendFileDto extends SendMessageDto {
  abstract type: MediaType;
  @Text({ max: 2048, optional: true, description: 'Address of the file, open to everybody.' }) url?: string;
  @Text({ max: MAX_DATA, optional: true, description: 'The file in base64, or as a data URL.' }) data?: string;
  @Text({ max: 100, optional: true, description: 'A file of the media library.', example: 'med_01jd8x2m5fe0vvq7m0y8' })
  mediaId?: string;

  @Audience() audience?: string[];
  /** Of the types that can be. */
  declare viewOnce?: boolean;
  /** Of the types that show one. */
  declare thumbnail?: ThumbnailDto;
  /** The file, when it came with the fields as a form. */
  declare upload?: ReceivedFile;

  override how(): SendOptions {
    const { audience, viewOnce, thumbnail } = this;
    return { ...super.how(), audience, isViewOnce: viewOnce, thumbnail: thumbnail?.source() };
  }

  override file(): FileOrder {
    const { url, data, mediaId, upload } = this;
    return { source: { url, data, mediaId, upload }, kind: this.type, options: this.preparation() };
  }

  content(): MediaContent {
    return { type: this.type, media: NO_FILE };
  }

  protected preparation(): MediaOptions {
    return {};
  }
}

/** A file that words can go with. */
export abstract class SendCaptionedDto extends SendFileDto {
  abstract override type: 'image' | 'video' | 'gif' | 'document';
  @Text({ max: MAX_CAPTION, optional: true, example: 'Our new shop' }) caption?: string;
  @Thumbnail() override thumbnail?: ThumbnailDto;

  override content(): MediaContent {
    return { type: this.type, media: NO_FILE, ...(this.caption !== undefined && { caption: this.caption }) };
  }
}

export class SendImageDto extends SendCaptionedDto {
  @OneOf(['image']) type: 'image';
  @ViewOnce() override viewOnce?: boolean;
  @AlbumOf() albumOf?: string;
  @Flag({ optional: true, description: 'Make it smaller, as the apps do, and drop place and camera.' })
  compress?: boolean;

  override how(): SendOptions {
    return { ...super.how(), albumOf: this.albumOf };
  }

  protected override preparation(): MediaOptions {
    return { compress: this.compress };
  }
}

export class SendVideoDto extends SendCaptionedDto {
  @OneOf(['video']) type: 'video';
  @ViewOnce() override viewOnce?: boolean;
  @AlbumOf() albumOf?: string;
  @Flag({ optional: true, description: 'Make it smaller, as the apps do.' }) compress?: boolean;

  override how(): SendOptions {
    return { ...super.how(), albumOf: this.albumOf };
  }

  protected override preparation(): MediaOptions {
    return { compress: this.compress };
  }
}

export class SendGifDto extends SendCaptionedDto {
  @OneOf(['gif'], { description: 'A GIF or a short video, which plays silently again and again.' }) type: 'gif';
}

export class SendVideoNoteDto extends SendFileDto {
  @OneOf(['video-note'], { description: 'A round video of at most a minute.' }) type: 'video-note';
  @Thumbnail() override thumbnail?: ThumbnailDto;
}

export class SendAudioDto extends SendFileDto {
  @OneOf(['audio']) type: 'audio';
  @ViewOnce() override viewOnce?: boolean;
}

export class SendVoiceDto extends SendFileDto {
  @OneOf(['voice'], { description: 'A voice note, made of any file with sound.' }) type: 'voice';
  @ViewOnce() override viewOnce?: boolean;
}

export class SendDocumentDto extends SendCaptionedDto {
  @OneOf(['document']) type: 'document';
  @Text({ max: 200, optional: true, description: 'Shown in the chat.', example: 'invoice.pdf' }) fileName?: string;
  @Text({
    max: 200,
    pattern: /^[\w.+-]+\/[\w.+-]+$/,
    allowed: 'a type such as application/pdf',
    optional: true,
    description: 'What recipients are told that it is, where its bytes do not say it well enough.',
    example: 'application/pdf',
  })
  mimeType?: string;

  override file(): FileOrder {
    const order = super.file();
    return { ...order, source: { ...order.source, fileName: this.fileName }, mimeType: this.mimeType };
  }
}

export class SendStickerDto extends SendFileDto {
  @OneOf(['sticker'], { description: 'Made of any picture or short video.' }) type: 'sticker';
  @Text({ max: 128, optional: true, description: 'Name of the pack.' }) stickerPack?: string;
  @Text({ max: 128, optional: true, description: 'Name of the author.' }) stickerAuthor?: string;
  @OneOf(stickerShapes, { optional: true, description: 'All of the picture, its middle, or that in a circle.' })
  stickerShape?: StickerShape;
  @Integer({ min: 1, max: 100, optional: true, description: 'Lowered further until it is small enough.' })
  stickerQuality?: number;
  @Thumbnail() override thumbnail?: ThumbnailDto;

  protected override preparation(): MediaOptions {
    const { stickerPack: pack, stickerAuthor: author, stickerShape: shape, stickerQuality: quality } = this;
    return { sticker: { pack, author, shape, quality } };
  }
}

/** Messages with a file, by `type`. */
export const fileTypes = {
  image: SendImageDto,
  video: SendVideoDto,
  gif: SendGifDto,
  'video-note': SendVideoNoteDto,
  audio: SendAudioDto,
  voice: SendVoiceDto,
  document: SendDocumentDto,
  sticker: SendStickerDto,
};
