import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import { FileUpload } from '@app/database/entities/file-upload.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import { Turns } from '@app/platform/batching/turns.js';
import { type FileField, fileKindOf } from '@app/whatsapp/media/file-kind.js';
import type { FileLooks, UploadedFile } from '@app/whatsapp/media/file-slots.js';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type Repository } from 'typeorm';
import { MediaService } from '../../media/media.service.js';
import type { LiveSession } from '../../sessions/session-traffic.service.js';
import { KEEP_UPLOAD } from './files.queries.js';

/** WhatsApp keeps files for weeks; whoever gets a message may open it much later, so none is handed on that is old. */
const KEPT_MS = 3 * 24 * 3_600_000;
const AT_ONCE = 4;

/** Puts files of the library on WhatsApp's servers, each once while it is kept there, however many messages it is for. */
@Injectable()
export class UploadsService {
  private readonly running = new Map<string, Promise<UploadedFile>>();
  private readonly turns = new Turns(AT_ONCE);

  constructor(
    @InjectRepository(FileUpload) private readonly uploads: Repository<FileUpload>,
    private readonly media: MediaService,
  ) {}

  async upload(
    session: LiveSession,
    fileId: string,
    { field, isSealed }: { field: FileField; isSealed: boolean },
  ): Promise<{ file: UploadedFile; looks: FileLooks }> {
    const file = await this.media.get(session, fileId);
    const kind = `${isSealed ? '' : 'plain:'}${fileKindOf(field).keys}`;
    const key = `${session.sessionId} ${file.sha256} ${kind}`;
    const running =
      this.running.get(key) ??
      this.find(session, file, kind, field).finally(() => {
        this.running.delete(key);
      });
    this.running.set(key, running);
    return { file: await running, looks: file };
  }

  private async find(session: LiveSession, file: MediaFile, kind: string, field: FileField): Promise<UploadedFile> {
    const { sessionId } = session;
    const uploadedAt = MoreThan(new Date(Date.now() - KEPT_MS));
    const known = await this.uploads.findOneBy({ sessionId, sha256: file.sha256, kind, uploadedAt });
    if (!known) return this.turns.take(() => this.put(session, file, kind, field));
    const { url, directPath, mediaKey, fileEncSha256 } = known;
    const sealed = mediaKey && fileEncSha256 ? { mediaKey, fileEncSha256 } : null;
    const fileSha256 = Buffer.from(file.sha256, 'hex');
    return { url, directPath, sealed, fileSha256, sizeBytes: file.sizeBytes, uploadedAt: known.uploadedAt };
  }

  private async put(session: LiveSession, file: MediaFile, kind: string, field: FileField): Promise<UploadedFile> {
    const { connection, sessionId, tenantId } = session;
    if (!connection) throw new Error('the connection was lost');
    const { sizeBytes, sha256 } = file;
    const content = { sizeBytes, sha256, open: () => this.media.open(file) };
    const uploaded = await connection.media.upload(content, field, { isSealed: !kind.startsWith('plain:') });
    const { url, directPath, sealed, uploadedAt } = uploaded;
    const old = new Date(Date.now() - KEPT_MS);
    const keys = [sealed?.mediaKey ?? null, sealed?.fileEncSha256 ?? null];
    // Before the message says so: after a crash the file is not uploaded again.
    await runPrepared(this.uploads.manager, KEEP_UPLOAD, [
      ...[sessionId, sha256, kind, tenantId, url, directPath],
      ...keys,
      uploadedAt,
      old,
    ]);
    return uploaded;
  }
}
