import { OneOf, Text } from '@app/platform/http/fields.js';

const BASE64_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;

/** Kinds of files as WhatsApp seals them. */
export const waFileKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type WaFileKind = (typeof waFileKinds)[number];

export class FetchWaMediaDto {
  @OneOf(waFileKinds, { description: 'What the file was sent as; voice notes are `audio`, loops are `video`.' })
  kind: WaFileKind;
  @Text({
    max: 2048,
    pattern: /^\/[^/]/,
    allowed: 'a path that starts with one slash',
    description: '`directPath` of the message, or the path of its `url`.',
    example: '/v/t62.7118-24/13375_n.enc?ccb=11-4',
  })
  path: string;
  @Text({
    min: 44,
    max: 44,
    pattern: BASE64_32_BYTES,
    allowed: '32 bytes in base64',
    description: '`mediaKey` of the message; not needed for files of newsletters, which are not sealed.',
    optional: true,
  })
  mediaKey?: string;
  @Text({
    min: 44,
    max: 44,
    pattern: BASE64_32_BYTES,
    allowed: '32 bytes in base64',
    description: '`fileSha256` of the message; what has another one is refused.',
    optional: true,
    nullable: true,
  })
  fileSha256?: string | null;
  @Text({ max: 200, optional: true, example: 'invoice.pdf' }) fileName?: string;
  @Text({ max: 200, optional: true, example: 'application/pdf' }) mimeType?: string;
}
