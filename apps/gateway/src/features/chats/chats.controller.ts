import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { ChatDto, ChatParams, ListChatsQuery } from './chats.dto.js';
import { ChatsService } from './chats.service.js';

@ApiTags('Chats')
@Access('user', 'messages')
@Controller('sessions/:sessionId/chats')
export class ChatsController {
  constructor(private readonly chats: ChatsService) {}

  @Get()
  @Endpoint({
    summary: 'List chats: pinned ones first, then by their last message',
    returns: ChatDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: ListChatsQuery) {
    return mapPage(await this.chats.list(actor, sessionId, query), ChatDto.from);
  }

  @Get(':chatId')
  @Endpoint({ summary: 'Get a chat', returns: ChatDto, fails: ['session.not-found', 'chat.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param() { sessionId, chatId }: ChatParams) {
    return ChatDto.from(await this.chats.get(actor, sessionId, chatId));
  }
}
