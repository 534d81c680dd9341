import { type MediaFile, mediaOrigins, type MediaOrigin } from '@app/database/entities/media-file.entity.js';
import { Flag, Integer, OneOf, Text } from '@app/platform/http/fields.js';
import { PageQuery } from '@app/platform/http/page.js';
import {
  mediaKinds,
  stickerShapes,
  type MediaKind,
  type MediaOptions,
  type StickerShape,
} from '@app/platform/media/media-kind.js';
import { ApiProperty } from '@nestjs/swagger';

/** How a file is to be prepared; the same for uploads and imports. */
class PreparationDto {
  @OneOf(mediaKinds, {
    optional: true,
    description: 'Prepares it to be sent as this; without it, it is kept as it is.',
  })
  kind?: MediaKind;
  @Text({ max: 200, optional: true, example: 'invoice.pdf' }) fileName?: string;
  @Flag({
    optional: true,
    description: 'Image and video: makes it smaller, as the apps do; of an image, drops place and camera.',
  })
  compress?: boolean;
  @Text({ max: 128, optional: true, description: 'Sticker: name of the pack.' }) stickerPack?: string;
  @Text({ max: 128, optional: true, description: 'Sticker: name of the author.' }) stickerAuthor?: string;
  @OneOf(stickerShapes, {
    optional: true,
    description: 'Sticker: all of the picture, its middle, or that in a circle.',
  })
  stickerShape?: StickerShape;
  @Integer({ min: 1, max: 100, optional: true, description: 'Sticker: lowered further until it is small enough.' })
  stickerQuality?: number;

  /** The preparation apart from the kind. */
  static options(this: void, input: PreparationDto): MediaOptions {
    const { compress, stickerPack: pack, stickerAuthor: author, stickerShape: shape, stickerQuality: quality } = input;
    return { compress, sticker: { pack, author, shape, quality } };
  }
}

export class UploadMediaDto extends PreparationDto {}

export class ImportMediaDto extends PreparationDto {
  @Text({ max: 2048, optional: true, description: 'Address of the file, open to everybody.' }) url?: string;
  @Text({ max: 268_435_456, optional: true, description: 'The file in base64, or as a data URL.' }) data?: string;
  @Text({ max: 100, optional: true, description: 'A file of the library.' }) mediaId?: string;
}

export class ListMediaQuery extends PageQuery {
  @OneOf(mediaOrigins, { optional: true, description: 'Only files that got here this way.' }) origin?: MediaOrigin;
}

export class MediaDto {
  @ApiProperty({ example: 'med_01jd' }) id: string;
  @ApiProperty({ enum: mediaOrigins, description: 'How it got here; `derived` was made from another file.' })
  origin: MediaOrigin;
  @ApiProperty({ example: 'image/jpeg', description: 'By its bytes, whatever name or sender say.' }) mimeType: string;
  @ApiProperty({ type: 'integer' }) sizeBytes: number;
  @ApiProperty({ description: 'Of the content, in hex.' }) sha256: string;
  @ApiProperty({ type: String, nullable: true }) fileName: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) width: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) height: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Length of sound or video.' }) seconds: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) pageCount: number | null;
  @ApiProperty({ description: 'Opens the content without a token, for a while.' }) link: string;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ format: 'date-time', description: 'Moves on whenever the file is used.' }) expiresAt: string;

  static from(this: void, file: MediaFile, link: string): MediaDto {
    const { id, origin, mimeType, sizeBytes, sha256, fileName, width, height, seconds, pageCount } = file;
    return {
      id,
      origin,
      mimeType,
      sizeBytes,
      sha256,
      fileName,
      width,
      height,
      seconds,
      pageCount,
      link,
      createdAt: file.createdAt.toISOString(),
      expiresAt: file.expiresAt.toISOString(),
    };
  }
}

export class LinkQuery {
  @Text({ max: 12, optional: true, description: 'Second until which the link works.' }) expires?: string;
  @Text({ max: 100, optional: true, description: 'Made with the link.' }) signature?: string;
}

/** For the document: an answer that is a file. */
export class FileContent {}
