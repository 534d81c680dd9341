import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { ChatOrdersService } from './chat-orders.service.js';
import { ChatParams } from './chats.dto.js';
import {
  HistorySettingsDto,
  HistorySyncDto,
  RequestChatHistoryDto,
  RequestHistoryDto,
  ResyncDto,
  ResyncedDto,
  ShownHistorySettingsDto,
} from './history.dto.js';
import { HistoryService } from './history.service.js';

@ApiTags('Chats')
@Access('user', 'messages')
@Controller('sessions/:sessionId')
export class HistoryController {
  constructor(
    private readonly history: HistoryService,
    private readonly orders: ChatOrdersService,
  ) {}

  @Get('history')
  @Endpoint({
    summary: 'List transfers of history from the phone, the newest first',
    returns: HistorySyncDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: PageQuery) {
    return mapPage(await this.history.list(actor, sessionId, query), HistorySyncDto.from);
  }

  @Post('history')
  @Endpoint({
    summary: 'Ask the phone for everything it remembers, or for a part',
    description: 'It comes in parts, told by `history.progress` and `history.synced`, when the phone is online.',
    returns: HistorySyncDto,
    status: 202,
    fails: ['session.not-found', 'session.not-connected', 'timeout:session.no-answer', 'unavailable:whatsapp.failed'],
  })
  async requestAll(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { days, maxMegabytes, includeGroups }: RequestHistoryDto,
  ) {
    const wanted = { days, maxMegabytes, includeGroups };
    return HistorySyncDto.from(await this.history.requestAll(actor, sessionId, wanted));
  }

  @Get('history/settings')
  @Endpoint({
    summary: 'Whether the phone shall share everything it remembers when the session is linked',
    returns: ShownHistorySettingsDto,
    fails: ['session.not-found'],
  })
  async settings(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string) {
    return { syncFullHistory: await this.history.wantsAll(actor, sessionId) };
  }

  @Patch('history/settings')
  @Access('user', 'messages', { role: 'owner' })
  @Endpoint({
    summary: 'Say whether the phone shall share everything it remembers when the session is linked',
    returns: ShownHistorySettingsDto,
    fails: ['session.not-found'],
  })
  async update(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { syncFullHistory }: HistorySettingsDto,
  ) {
    return { syncFullHistory: await this.history.wantsAll(actor, sessionId, syncFullHistory) };
  }

  @Post('chats/:chatId/history')
  @Endpoint({
    summary: 'Ask the phone for older messages of a chat',
    description:
      'They come when the phone is online, told by `history.synced`, and are in the list of messages then. With a `before` that is described in full neither it nor the chat has to be known here.',
    returns: HistorySyncDto,
    status: 202,
    fails: [
      'session.not-found',
      'session.not-connected',
      'chat.not-found',
      'message.not-found',
      'history.no-start',
      'timeout:session.no-answer',
      'unavailable:whatsapp.failed',
    ],
  })
  async requestChat(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, chatId }: ChatParams,
    @Body() { count = 50, before }: RequestChatHistoryDto,
  ) {
    return HistorySyncDto.from(await this.history.requestChat(actor, sessionId, chatId, { count, before }));
  }

  @Post('app-state/resync')
  @Endpoint({
    summary: 'Read the settings of chats and the address book from WhatsApp once more',
    returns: ResyncedDto,
    fails: [
      'session.not-found',
      'session.not-connected',
      'timeout:session.no-answer',
      'timeout:whatsapp.no-answer',
      'unavailable:chat.settings-locked',
      'unavailable:whatsapp.failed',
    ],
  })
  async resync(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { isFull = true, repair = true }: ResyncDto,
  ): Promise<ResyncedDto> {
    return { collections: await this.orders.resyncSettings(actor, sessionId, { isFull, repairs: repair }) };
  }
}
