import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { WaFiles } from '@app/whatsapp/media/wa-files.js';
import { Injectable } from '@nestjs/common';
import { MediaService } from './media.service.js';
import type { WaFileKind } from './wa-media.dto.js';

/** A file on WhatsApp's servers, as the message that brought it describes it. */
export interface WaMediaOrder {
  kind: WaFileKind;
  path: string;
  mediaKey?: string;
  fileSha256?: string | null;
  fileName?: string;
  mimeType?: string;
}

/** Takes files from WhatsApp's servers of which only the keys are known, not the message. */
@Injectable()
export class WaMediaService {
  constructor(
    private readonly files: WaFiles,
    private readonly media: MediaService,
  ) {}

  /** Throws `media.expired` when WhatsApp does not have it any longer. */
  async fetch(actor: Actor, order: WaMediaOrder): Promise<MediaFile> {
    const { kind, path, mediaKey, fileSha256, fileName = null, mimeType = null } = order;
    const file = { field: `${kind}Message` as const, path, mediaKey: bytes(mediaKey), sha256: bytes(fileSha256) };
    // No session is named, and so no proxy.
    const content = await this.files.open(file, null);
    return this.media.store(actor.tenantId, content, { mimeType, fileName, origin: 'inbound' });
  }
}

const bytes = (base64: string | null = null) => (base64 === null ? null : Buffer.from(base64, 'base64'));
