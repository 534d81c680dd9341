import { Body, Controller, Delete, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { type ChatOrder, ChatOrdersService } from './chat-orders.service.js';
import { ChatDto, ChatParams, ClearChatDto, DisappearingDto, MuteChatDto, ShowPresenceDto } from './chats.dto.js';
import type { GivenMessage } from './given-message.js';
import { ChatOrderDto, GivenLastMessageQuery } from './given-message.dto.js';

const order = (summary: string, more: string[] = []) =>
  Endpoint({ summary, returns: ChatDto, fails: [...needsWhatsApp, 'chat.not-found', ...more] });
const setting = (summary: string) =>
  order(summary, ['unavailable:chat.settings-locked', 'unavailable:chat.settings-busy']);

@ApiTags('Chats')
@Access('user', 'messages')
@Controller('sessions/:sessionId/chats/:chatId')
export class ChatOrdersController {
  constructor(private readonly orders: ChatOrdersService) {}

  @Post('read')
  @setting('Mark the messages of a chat as read; their senders see it if the account shows that')
  read(@CurrentActor() actor: Actor, @Param() params: ChatParams, @Body() { lastMessage }: ChatOrderDto) {
    return this.do(actor, params, { do: 'read' }, lastMessage);
  }

  @Post('unread')
  @setting('Mark a chat as unread')
  unread(@CurrentActor() actor: Actor, @Param() params: ChatParams, @Body() { lastMessage }: ChatOrderDto) {
    return this.do(actor, params, { do: 'unread' }, lastMessage);
  }

  @Post('archive')
  @setting('Archive a chat')
  archive(@CurrentActor() actor: Actor, @Param() params: ChatParams, @Body() { lastMessage }: ChatOrderDto) {
    return this.do(actor, params, { do: 'archive', isOn: true }, lastMessage);
  }

  @Post('unarchive')
  @setting('Take a chat out of the archive')
  unarchive(@CurrentActor() actor: Actor, @Param() params: ChatParams, @Body() { lastMessage }: ChatOrderDto) {
    return this.do(actor, params, { do: 'archive', isOn: false }, lastMessage);
  }

  @Post('pin')
  @setting('Pin a chat to the top of the list')
  pin(@CurrentActor() actor: Actor, @Param() params: ChatParams) {
    return this.do(actor, params, { do: 'pin', isOn: true });
  }

  @Post('unpin')
  @setting('Unpin a chat')
  unpin(@CurrentActor() actor: Actor, @Param() params: ChatParams) {
    return this.do(actor, params, { do: 'pin', isOn: false });
  }

  @Post('mute')
  @setting('Mute a chat')
  mute(@CurrentActor() actor: Actor, @Param() params: ChatParams, @Body() body: MuteChatDto) {
    return this.do(actor, params, { do: 'mute', until: body.end() });
  }

  @Post('unmute')
  @setting('End the muting of a chat')
  unmute(@CurrentActor() actor: Actor, @Param() params: ChatParams) {
    return this.do(actor, params, { do: 'unmute' });
  }

  @Post('clear')
  @setting('Remove the messages of a chat from the account, on all its devices')
  clear(@CurrentActor() actor: Actor, @Param() params: ChatParams, @Body() body: ClearChatDto) {
    const { keepStarred = false, lastMessage } = body;
    return this.do(actor, params, { do: 'clear', keepStarred }, lastMessage);
  }

  @Put('disappearing')
  @order('Have messages disappear after a time', ['invalid:chat.no-timer'])
  disappearing(@CurrentActor() actor: Actor, @Param() params: ChatParams, @Body() body: DisappearingDto) {
    return this.do(actor, params, { do: 'disappear', seconds: body.timer() });
  }

  @Delete()
  @Endpoint({
    summary: 'Delete a chat with its messages from the account, on all its devices',
    returns: null,
    fails: [...needsWhatsApp, 'chat.not-found', 'unavailable:chat.settings-locked', 'unavailable:chat.settings-busy'],
  })
  async delete(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, chatId }: ChatParams,
    @Query() last: GivenLastMessageQuery,
  ): Promise<void> {
    await this.orders.do(actor, sessionId, chatId, { do: 'delete' }, last.given());
  }

  @Put('presence')
  @Endpoint({ summary: 'Show that the account is typing, recording, or there', returns: null, fails: needsWhatsApp })
  async presence(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, chatId }: ChatParams,
    @Body() body: ShowPresenceDto,
  ) {
    await this.orders.showPresence(actor, sessionId, chatId, body.state);
  }

  @Post('presence/subscribe')
  @Endpoint({
    summary: 'Ask for the presence of a chat, told by `chat.presence` until the session reconnects',
    returns: null,
    fails: needsWhatsApp,
  })
  async subscribe(@CurrentActor() actor: Actor, @Param() { sessionId, chatId }: ChatParams): Promise<void> {
    await this.orders.subscribe(actor, sessionId, chatId);
  }

  private async do(
    actor: Actor,
    { sessionId, chatId }: ChatParams,
    what: ChatOrder,
    last?: GivenMessage,
  ): Promise<ChatDto> {
    return ChatDto.from(await this.orders.do(actor, sessionId, chatId, what, last));
  }
}
