import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { MediaFile } from '@app/database/entities/media-file.entity.js';
import type { Message } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid, notFound } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { MediaService } from '../media/media.service.js';
import { ThumbnailsService } from '../media/thumbnails.service.js';
import { type FileOrder, withFile } from './files/file-order.js';
import { LinkPreviewsService } from './link-previews.service.js';
import { LookupsService } from './lookups.service.js';
import { isChat, type SendOptions } from './message-options.js';
import { MessageStoreService } from './message-store.service.js';
import { SendingHabitsService } from './sending-habits.service.js';

/** What is to be sent, and from where. */
export interface Composition {
  actor: Actor;
  sessionId: string;
  /** waId of the account that sends. */
  senderId: string;
  to: string;
  content: MessageContent;
  /** The files that the content is to bring. */
  files?: FileOrder[];
  options: SendOptions;
}

/** A content with all that belongs to it. */
export interface Completed {
  content: MessageContent;
  thumbnail?: Buffer;
  /** How long the chat sees somebody type first. */
  typing?: number | 'auto';
  /** It goes to the group in which a community announces. */
  isAnnouncement?: boolean;
  /** Removes the files that were made for it, when the message is refused after all. */
  takeBack?: () => Promise<void>;
}

/** Completes contents with what has to be fetched or looked up: files, pictures, links, positions. */
@Injectable()
export class MessageCompletionService {
  constructor(
    private readonly store: MessageStoreService,
    private readonly lookups: LookupsService,
    private readonly previews: LinkPreviewsService,
    private readonly media: MediaService,
    private readonly thumbnails: ThumbnailsService,
    private readonly habits: SendingHabitsService,
  ) {}

  /** Throws what a refused file throws; nothing is left of the others then. */
  async complete(composition: Composition): Promise<Completed> {
    const { actor, sessionId, to, content, files = [], options } = composition;
    const typing = options.typing ?? (isChat(to) ? await this.habits.typing(sessionId) : undefined);
    const format = content.type === 'sticker' ? 'png' : 'jpeg';
    const thumbnail = options.thumbnail && (await this.thumbnails.make(actor, options.thumbnail, format));
    if (files.length) return { typing, thumbnail, ...(await this.withFiles(actor, content, files)) };
    return { typing, thumbnail, ...(await this.lookUp(composition)) };
  }

  private async lookUp(composition: Composition): Promise<Completed> {
    const { actor, sessionId, senderId, content, options } = composition;
    if (content.type === 'text') return this.withPreview(content, options);
    if (content.type === 'live-location') return { content: { ...content, ...(await this.position(composition)) } };
    if (content.type === 'product') return { content: { ...content, businessId: content.businessId ?? senderId } };
    if (content.type === 'order') return this.ordered(content, composition);
    if (content.type === 'poll') return this.polled(content, composition);
    if (content.type !== 'event' || !options.call) return { content };
    const joinLink = await this.lookups.callLink(actor, sessionId, options.call, content.startsAt);
    return { content: { ...content, joinLink } };
  }

  private async withFiles(actor: Actor, content: MessageContent, orders: FileOrder[]): Promise<Completed> {
    const made: MediaFile[] = [];
    const takeBack = () => this.media.takeBack(made);
    try {
      let filled = content;
      for (const order of orders) {
        const { file, isNew } = await this.media.obtain(actor, order.source, order.kind, order.options);
        if (isNew) made.push(file);
        filled = withFile(filled, order, file);
      }
      return { content: filled, ...(made.length && { takeBack }) };
    } catch (error) {
      await takeBack();
      throw error;
    }
  }

  /** WhatsApp has a form of polls for announcements alone. */
  private async polled(content: MessageContent, { actor, sessionId, to }: Composition): Promise<Completed> {
    if (!to.endsWith('@g.us')) return { content };
    return { content, isAnnouncement: await this.lookups.isAnnouncementGroup(actor, sessionId, to) };
  }

  private async ordered(
    content: Extract<MessageContent, { type: 'order' }>,
    { senderId, options: { previewImages = [] } }: Composition,
  ): Promise<Completed> {
    const orderId = content.orderId || String(randomInt(2 ** 47));
    const thumbnail = await this.previews.firstThumbnail(previewImages);
    return { content: { ...content, orderId, sellerId: content.sellerId ?? senderId }, thumbnail };
  }

  private async withPreview(
    content: Extract<MessageContent, { type: 'text' }>,
    { linkPreview, previewImages }: SendOptions,
  ): Promise<Completed> {
    if (previewImages) return { content, thumbnail: await this.previews.firstThumbnail(previewImages) };
    const found = linkPreview ? await this.previews.find(content.text) : null;
    if (!found) return { content };
    return { content: { ...content, linkPreview: found.preview }, thumbnail: found.thumbnail };
  }

  /** The apps take the newest position by its number: microseconds, which always rise. */
  private async position(composition: Composition): Promise<{ sequence: number; elapsedSeconds?: number }> {
    const now = Date.now();
    const { updateOf } = composition.options;
    if (updateOf === undefined) return { sequence: now * 1000 };
    const first = await this.first(composition, updateOf);
    const elapsedSeconds = Math.max(1, Math.round((now - first.timestamp.getTime()) / 1000));
    return { sequence: now * 1000, elapsedSeconds };
  }

  private async first({ actor, sessionId, to }: Composition, id: string): Promise<Message> {
    const first = await this.store.find(actor.tenantId, sessionId, id);
    if (!first) throw notFound('message', id);
    if (first.type !== 'live-location' || !first.fromMe || first.chatId !== to)
      throw invalid('message.not-updatable', '/updateOf', 'This is no live location that was sent to this chat.');
    return first;
  }
}
