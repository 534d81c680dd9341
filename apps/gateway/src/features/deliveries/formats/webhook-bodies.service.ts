import { randomUUID } from 'node:crypto';
import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import { Config } from '@app/platform/config/config.js';
import { AppError } from '@app/platform/errors/app-error.js';
import type { EventEnvelope } from '@app/platform/events/envelope.js';
import type { MessageFile } from '@app/platform/events/media-content.js';
import type { WebhookFormat, WebhookMedia, WebhookSettings } from '@app/platform/events/webhook-settings.js';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { MediaService } from '../../media/media.service.js';
import { MessageMediaService } from '../../messaging/message-media.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { digigo } from './digigo.format.js';
import type { EventFile, EventFormat, FormatSession } from './event-format.js';
import { gowa } from './gowa.format.js';
import { waAkg } from './wa-akg.format.js';
import { WebhookBody } from './webhook-body.js';

/** Formats but for our own, by name. */
export const eventFormats: ReadonlyMap<WebhookFormat, EventFormat> = new Map(
  [gowa, digigo, waAkg].map((format) => [format.name, format]),
);

/** A message of another gateway brings its file; ours is told of at once, and of the file in an event of its own. */
const FILE_WAIT_MS = 15_000;
/** Stands where the bytes of a file will; no message can contain it. */
const PLACE = `file ${randomUUID()}`;

/** What webhooks are sent, in their formats. */
@Injectable()
export class WebhookBodiesService {
  private readonly known = new LRUCache<string, Promise<FormatSession | null>>({ max: 1000, ttl: 10_000 });

  constructor(
    private readonly sessions: SessionsService,
    private readonly messages: MessageMediaService,
    private readonly media: MediaService,
    private readonly config: Config,
  ) {}

  /** The body for an event, which is there as JSON; null when the format has nothing for it. */
  async write({ format, media = 'link' }: WebhookSettings, type: string, json: string): Promise<WebhookBody | null> {
    const other = eventFormats.get(format ?? 'native');
    if (other) return this.translate(other, media, json);
    if (type !== 'message.media' || media === 'link') return new WebhookBody(json);
    const event = JSON.parse(json) as EventEnvelope & { data: { media: MessageFile; link: string | null } };
    const bytes = media === 'base64' ? await this.bytesOf(event.tenantId, event.data.media) : null;
    const data = media === 'none' ? { link: null } : { base64: bytes && PLACE };
    return this.bodyOf({ ...event, data: { ...event.data, ...data } }, bytes);
  }

  private async translate(format: EventFormat, media: WebhookMedia, json: string): Promise<WebhookBody | null> {
    const event = JSON.parse(json) as EventEnvelope;
    const write = format.writers[event.type];
    if (!write) return null;
    const session = event.sessionId === null ? null : await this.sessionOf(event.sessionId);
    const stored = media === 'none' ? null : await this.fileOf(event);
    const bytes = media === 'base64' && stored ? await this.bytesOf(event.tenantId, stored) : null;
    const file = stored && this.told(stored, bytes && PLACE);
    const payload = write({ event, data: event.data, session, file });
    return payload && this.bodyOf(payload, bytes);
  }

  private bodyOf(payload: object, file: MediaFile | null): WebhookBody {
    const text = JSON.stringify(payload);
    if (!file) return new WebhookBody(text);
    return new WebhookBody(text, { sizeBytes: file.sizeBytes, open: () => this.media.open(file) }, PLACE);
  }

  private told({ id, mimeType, fileName, sizeBytes }: MessageFile, base64: string | null): EventFile {
    return { mimeType, fileName, sizeBytes, link: id && this.media.linkTo({ id }), base64 };
  }

  /** The file of the message in an event; null where there is none, or none to be had in time. */
  private async fileOf({ tenantId, data }: EventEnvelope): Promise<MessageFile | null> {
    const { message } = data as { message?: { id: string; content: { media?: MessageFile } | null } };
    const file = message?.content?.media;
    if (!message || !file || file.status === 'stored') return file ?? null;
    return this.messages.settled(tenantId, message.id, FILE_WAIT_MS);
  }

  /** Null when it is too long, or gone. */
  private async bytesOf(tenantId: string, { id, sizeBytes }: MessageFile): Promise<MediaFile | null> {
    if (id === null || sizeBytes > this.config.webhookMediaMaxBytes) return null;
    try {
      const file = await this.media.get({ tenantId }, id);
      (await this.media.open(file)).destroy();
      return file;
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not-found') return null;
      throw error;
    }
  }

  private sessionOf(id: string): Promise<FormatSession | null> {
    const known = this.known.get(id);
    if (known) return known;
    const session = this.sessions.describe(id);
    this.known.set(id, session);
    session.catch(() => this.known.delete(id));
    return session;
  }
}
