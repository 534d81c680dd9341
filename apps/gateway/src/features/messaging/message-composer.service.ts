import { Injectable } from '@nestjs/common';
import type { MessageContext } from '@app/database/entities/message.entity.js';
import { invalid, notFound } from '@app/platform/errors/app-error.js';
import { fieldsOf, wordsOf } from '@app/platform/events/message-content.js';
import { type Quotable, writeMessage } from '@app/whatsapp/content/write-message.js';
import { ChatTimersService } from './chat-timers.service.js';
import { LookupsService } from './lookups.service.js';
import type { Draft } from './message-acceptance.service.js';
import { type Composition, MessageCompletionService } from './message-completion.service.js';
import { assertFits, STATUS } from './message-options.js';
import { MessageStoreService } from './message-store.service.js';
import { PRIORITIES } from './pace/pace.js';
import { typingSeconds } from './pace/typing.js';

/** Makes messages ready to be stored and sent: looks up what they need, refuses what does not fit. */
@Injectable()
export class MessageComposerService {
  constructor(
    private readonly store: MessageStoreService,
    private readonly lookups: LookupsService,
    private readonly timers: ChatTimersService,
    private readonly completion: MessageCompletionService,
  ) {}

  async compose(composition: Composition): Promise<Draft> {
    const { actor, sessionId, to, options } = composition;
    assertFits(to, composition.content, options);
    if (options.checkNumber) await this.lookups.assertOnWhatsApp(actor, sessionId, to);
    const quoted = options.replyTo === undefined ? undefined : await this.quoted(composition, options.replyTo);
    const context = await this.context(composition, quoted);
    // Last of all: what is refused before leaves no file behind.
    const { content, thumbnail, isAnnouncement, takeBack } = await this.completion.complete(composition);
    const proto = writeMessage(content, { chatId: to, context, quoted, thumbnail, isAnnouncement });
    const said = { type: content.type, text: wordsOf(content), content: fieldsOf(content) };
    const { messageId, priority, typing } = options;
    const line = { priority: priority && PRIORITIES[priority], typingSeconds: typingSeconds(typing, said.text) };
    return { chatId: to, messageId, ...said, context, proto, ...line, takeBack };
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
    const { mentions = [], audience = await this.store.correspondents(sessionId) } = options;
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

const isChat = (to: string): boolean => to !== STATUS && !to.endsWith('@newsletter');
