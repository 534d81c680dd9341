import { Injectable } from '@nestjs/common';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import { invalid, notFound } from '@app/platform/errors/app-error.js';
import { fieldsOf, wordsOf } from '@app/platform/events/message-content.js';
import { chatKindOf } from '@app/platform/ids/wa-id.js';
import { type Quotable, writeMessage, writeWords } from '@app/whatsapp/content/write-message.js';
import { ChatTimersService } from './chat-timers.service.js';
import { IdentitiesService } from './identities.service.js';
import { LookupsService } from './lookups.service.js';
import { isWhatsAppId } from './message-ids.js';
import type { Draft } from './message-acceptance.service.js';
import { type Composition, MessageCompletionService } from './message-completion.service.js';
import { assertFits, isChat, type QuotedKey, STATUS } from './message-options.js';
import { MessageStoreService } from './message-store.service.js';
import { StatusAudiencesService } from './status-audiences.service.js';
import { PRIORITIES } from './pace/pace.js';
import { typingSeconds } from './pace/typing.js';

type Quoted = Quotable & { text: string | null };

/** Makes messages ready to be stored and sent: looks up what they need, refuses what does not fit. */
@Injectable()
export class MessageComposerService {
  constructor(
    private readonly store: MessageStoreService,
    private readonly lookups: LookupsService,
    private readonly timers: ChatTimersService,
    private readonly completion: MessageCompletionService,
    private readonly identities: IdentitiesService,
    private readonly audiences: StatusAudiencesService,
  ) {}

  async compose(order: Composition): Promise<Draft> {
    const { actor, sessionId, options } = order;
    // One chat per person, by whichever address it is written to.
    const to = await this.identities.resolve(sessionId, order.to);
    const composition = { ...order, to };
    assertFits(to, composition.content, options);
    if (options.checkNumber) await this.lookups.assertOnWhatsApp(actor, sessionId, to);
    const quoted = options.replyTo === undefined ? undefined : await this.quoted(composition, options.replyTo);
    const context = await this.context(composition, quoted);
    // Last of all: what is refused before leaves no file behind.
    const { content, thumbnail, isAnnouncement, typing, takeBack } = await this.completion.complete(composition);
    const proto = writeMessage(content, { chatId: to, context, quoted, thumbnail, isAnnouncement });
    const said = { type: content.type, text: wordsOf(content), content: fieldsOf(content) };
    const { messageId, priority, echo } = options;
    const line = { priority: priority && PRIORITIES[priority], typingSeconds: typingSeconds(typing, said.text) };
    return { chatId: to, messageId, ...said, context, proto, ...line, takeBack, isQuiet: echo === false };
  }

  /** What goes along with the content; null when there is nothing to say. */
  async context(composition: Composition, quoted?: Quoted): Promise<MessageContext | null> {
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
  async quoted(composition: Composition, id: string): Promise<Quoted> {
    const { actor, sessionId, options } = composition;
    const message = await this.store.findWithProto(actor.tenantId, sessionId, id);
    if (message?.proto) return { ...message, proto: message.proto };
    if (!options.quoted || !isWhatsAppId(id)) throw notFound('message', id);
    return quotedByKey(composition, id, options.quoted);
  }

  /** WhatsApp's id of the album that a picture belongs to. Throws `message.not-found`, `message.not-an-album`. */
  private async album({ actor, sessionId, to }: Composition, id: string): Promise<string> {
    const album = await this.store.find(actor.tenantId, sessionId, id);
    if (!album) throw notFound('message', id);
    if (album.type !== 'album' || album.chatId !== to)
      throw invalid('message.not-an-album', '/albumOf', 'This is no album of the same chat.');
    return album.messageId;
  }

  private async mentions({ actor, sessionId, to, options }: Composition): Promise<string[]> {
    const { mentions = [], mentionAll } = options;
    if (!mentionAll) return mentions;
    return [...new Set([...mentions, ...(await this.lookups.everybodyIn(actor, sessionId, to))])];
  }

  private async audience({ actor, sessionId, options }: Composition): Promise<string[]> {
    const { mentions = [], audience = await this.audiences.of(actor, sessionId) } = options;
    for (const [field, people] of Object.entries({ audience, mentions })) {
      const wrong = people.findIndex((waId) => !/^\d+(@lid)?$/.test(waId));
      if (wrong >= 0) throw invalid('message.wrong-address', `/${field}/${wrong}`, 'A status goes to people alone.');
    }
    // Who is mentioned gets it in any case.
    const everybody = [...new Set([...audience, ...mentions])];
    if (!everybody.length) throw invalid('message.no-audience', '/audience', 'There is nobody who would get it.');
    return everybody;
  }
}

/** Of a message that is not stored an answer shows what the caller knows. */
function quotedByKey({ senderId, to }: Composition, messageId: string, key: QuotedKey): Quoted {
  const author = key.fromMe ? senderId : (key.senderId ?? (chatKindOf(to) === 'person' ? to : null));
  if (author === null)
    throw invalid('message.key-incomplete', '/quoted/senderId', 'must be given for a message of somebody in a group');
  const { text = null } = key;
  return { messageId, senderId: author, chatId: to, text, proto: writeWords(text ?? '') };
}
