import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { writesLabels } from './label-failures.js';
import { LabelListService } from './label-list.service.js';
import { LabelOrdersService } from './label-orders.service.js';
import { ChangeChatLabelsDto, ChatLabelParams, LabelDto, LabelsDto } from './labels.dto.js';

@ApiTags('Labels')
@Access('user', 'messages')
@Controller('sessions/:sessionId/chats/:chatId/labels')
export class ChatLabelsController {
  constructor(
    private readonly labels: LabelListService,
    private readonly orders: LabelOrdersService,
  ) {}

  @Get()
  @Endpoint({ summary: 'List the labels of a chat', returns: LabelsDto, fails: ['session.not-found'] })
  async list(@CurrentActor() actor: Actor, @Param() { sessionId, chatId }: ChatLabelParams): Promise<LabelsDto> {
    return { items: (await this.labels.ofChat(actor, sessionId, chatId)).map(LabelDto.from) };
  }

  @Patch()
  @Endpoint({
    summary: 'Put labels on a chat and take others off',
    returns: LabelsDto,
    fails: [...writesLabels, 'label.not-found'],
  })
  async change(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, chatId }: ChatLabelParams,
    @Body() { add = [], remove = [] }: ChangeChatLabelsDto,
  ): Promise<LabelsDto> {
    const labels = await this.orders.relabel(actor, sessionId, chatId, { add, remove });
    return { items: labels.map(LabelDto.from) };
  }
}
