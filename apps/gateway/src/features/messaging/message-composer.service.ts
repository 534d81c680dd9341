import { Injectable } from '@nestjs/common';
import type { Message, MessageContext } from '@app/database/entities/message.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid, notFound } from '@app/platform/errors/app-error.js';
import { fieldsOf, type MessageContent, wordsOf } from '@app/platform/events/message-content.js';
import { type Quotable, writeMessage } from '@app/whatsapp/content/write-message.js';
import { ChatTimersService } from './chat-timers.service.js';
import { MediaService } from '../media/media.service.js';
import { type FileOrder, withFile } from './files/file-order.js';
import { LinkPreviewsService } from './link-previews.service.js';
import { LookupsService } from './lookups.service.js';
import type { Draft } from './message-acceptance.service.js';
import { assertFits, type SendOptions, STATUS } from './message-options.js';
import { MessageStoreService } from './message-store.service.js';
import { PRIORITIES } from './pace/pace.js';
import { typingSeconds } from './pace/typing.js';

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

interface Completed {
  content: MessageContent;
  thumbnail?: Buffer;
}

/** Makes messages ready to be stored and sent: looks up what they need, refuses what does not fit. */
@Injectable()
export class MessageComposerService {
  constructor(
    private readonly store: MessageStoreService,
    private readonly lookups: LookupsService,
    private readonly previews: LinkPreviewsService,
    private readonly timers: ChatTimersService,
    private readonly media: MediaService,
  ) {}

  async compose(composition: Composition): Promise<Draft> {
    const { actor, sessionId, to, options } = composition;
    assertFits(to, composition.content, options);
    if (options.checkNumber) await this.lookups.assertOnWhatsApp(actor, sessionId, to);
    const quoted = options.replyTo === undefined ? undefined : await this.quoted(composition, options.replyTo);
    const { content, thumbnail } = await this.complete(composition);
    const context = await this.context(composition, quoted);
    const proto = writeMessage(content, { chatId: to, context, quoted, thumbnail });
    const said = { type: content.type, text: wordsOf(content), content: fieldsOf(content) };
    const { messageId, priority, typing } = options;
    const line = { priority: priority && PRIORITIES[priority], typingSeconds: typingSeconds(typing, said.text) };
    return { chatId: to, messageId, ...said, context, proto, ...line };
  }

  /** What goes along with the content; null when there is nothing to say. */
  async context(composition: Composition, quoted?: Quotable & { text: string | null }): Promise<MessageContext | null> {
    const { sessionId, to, options } = composition;
    const mentions = await this.mentions(composition);
    const expirationSeconds =
      options.expirationSeconds ?? (isChat(to) ? await this.timers.of(sessionId, to) : undefined);
    const context: MessageContext = {
      ...(quoted && { quoted: { messageId: quoted.messageId, senderId: quoted.senderId, text: quoted.text } }),
      ...(mentions.length && { mentions }),
      ...(options.mentionAll && { isMentioningAll: true }),
      ...(options.isForwarded && { isForwarded: true }),
      ...(options.isViewOnce && { isViewOnce: true }),
      ...(expirationSeconds && { expirationSeconds }),
      ...(options.albumOf && { albumMessageId: await this.album(composition, options.albumOf) }),
      ...(to === STATUS && { audience: await this.audience(composition) }),
    };
    return Object.keys(context).length ? context : null;
  }

  /** The message that is replied to. Throws `message.not-found`. */
  async quoted({ actor, sessionId }: Composition, id: string): Promise<Quotable & { text: string | null }> {
    const message = await this.store.findWithProto(actor.tenantId, sessionId, id);
    if (!message?.proto) throw notFound('message', id);
    return { ...message, proto: message.proto };
  }

  /** WhatsApp's id of the album that a picture belongs to. Throws `message.not-found`, `message.not-an-album`. */
  private async album({ actor, sessionId, to }: Composition, id: string): Promise<string> {
    const album = await this.store.find(actor.tenantId, sessionId, id);
    if (!album) throw notFound('message', id);
    if (album.type !== 'album' || album.chatId !== to)
      throw invalid('message.not-an-album', '/albumOf', 'This is no album of the same chat.');
    return album.messageId;
  }

  /** Everybody in the group is named as well: older apps know no other way to mention all. */
  private async mentions({ actor, sessionId, senderId, to, options }: Composition): Promise<string[]> {
    const { mentions = [], mentionAll } = options;
    if (!mentionAll) return mentions;
    const members = await this.lookups.groupMembers(actor, sessionId, to);
    return [...new Set([...mentions, ...members])].filter((waId) => waId !== senderId);
  }

  private async audience({ sessionId, options }: Composition): Promise<string[]> {
    const audience = options.audience ?? (await this.store.correspondents(sessionId));
    if (!audience.length) throw invalid('message.no-audience', '/audience', 'There is nobody who would get it.');
    const wrong = audience.findIndex((waId) => !/^\d+(@lid)?$/.test(waId));
    if (wrong >= 0) throw invalid('message.wrong-address', `/audience/${wrong}`, 'A status goes to people alone.');
    return [...new Set(audience)];
  }

  /** The content with what has to be looked up. */
  private async complete(composition: Composition): Promise<Completed> {
    const { actor, sessionId, senderId, content, files = [], options } = composition;
    if (files.length) return { content: await this.withFiles(actor, content, files) };
    if (content.type === 'text') return this.withPreview(content, options);
    if (content.type === 'live-location') return { content: { ...content, ...(await this.position(composition)) } };
    if (content.type === 'product') return { content: { ...content, businessId: content.businessId ?? senderId } };
    if (content.type === 'order') return { content: { ...content, sellerId: content.sellerId ?? senderId } };
    if (content.type !== 'event' || !options.call) return { content };
    const joinLink = await this.lookups.callLink(actor, sessionId, options.call, content.startsAt);
    return { content: { ...content, joinLink } };
  }

  /** Refused files are refused before anything is stored. */
  private async withFiles(actor: Actor, content: MessageContent, orders: FileOrder[]): Promise<MessageContent> {
    let filled = content;
    for (const order of orders)
      filled = withFile(filled, order, await this.media.import(actor, order.source, order.kind, order.options));
    return filled;
  }

  private async withPreview(
    content: Extract<MessageContent, { type: 'text' }>,
    { linkPreview, previewImage }: SendOptions,
  ): Promise<Completed> {
    if (previewImage) return { content, thumbnail: await this.previews.thumbnail(previewImage) };
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

const isChat = (to: string): boolean => to !== STATUS && !to.endsWith('@newsletter');
