import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { LabelListService } from './label-list.service.js';
import { LabelOrdersService } from './label-orders.service.js';
import {
  CreateLabelDto,
  LabelDto,
  LabelledChatDto,
  LabelledMessageDto,
  LabelOutcomesDto,
  LabelParams,
  LabelsDto,
  LabelTargetsDto,
  RemoveLabelsQuery,
  UpdateLabelDto,
  UpdateLabelsDto,
} from './labels.dto.js';
import { writesLabels } from './label-failures.js';

@ApiTags('Labels')
@Access('user', 'messages')
@Controller('sessions/:sessionId/labels')
export class LabelsController {
  constructor(
    private readonly labels: LabelListService,
    private readonly orders: LabelOrdersService,
  ) {}

  @Get()
  @Endpoint({ summary: 'List the labels of a session', returns: LabelsDto, fails: ['session.not-found'] })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<LabelsDto> {
    return { items: (await this.labels.list(actor, sessionId)).map(LabelDto.from) };
  }

  @Post()
  @Endpoint({
    summary: 'Create a label',
    returns: LabelDto,
    status: 201,
    fails: [...writesLabels, 'label.name-taken', 'label.id-taken'],
  })
  async create(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { name, color = 0, labelId }: CreateLabelDto,
  ) {
    return LabelDto.from(await this.orders.add(actor, sessionId, { name, color, labelId: labelId ?? null }));
  }

  @Patch()
  @Endpoint({
    summary: 'Change several labels',
    returns: LabelsDto,
    fails: [...writesLabels, 'label.not-found', 'label.name-taken'],
  })
  async updateMany(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { labels }: UpdateLabelsDto,
  ): Promise<LabelsDto> {
    const items: LabelDto[] = [];
    for (const { labelId, ...changes } of labels)
      items.push(LabelDto.from(await this.orders.change(actor, sessionId, labelId, changes)));
    return { items };
  }

  @Delete()
  @Endpoint({ summary: 'Delete several labels', returns: null, fails: [...writesLabels, 'label.not-found'] })
  async removeMany(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Query() { labelIds }: RemoveLabelsQuery,
  ): Promise<void> {
    for (const labelId of labelIds) await this.orders.remove(actor, sessionId, labelId);
  }

  @Get(':labelId')
  @Endpoint({ summary: 'Get a label', returns: LabelDto, fails: ['session.not-found', 'label.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param() { sessionId, labelId }: LabelParams) {
    return LabelDto.from(await this.labels.get(actor, sessionId, labelId));
  }

  @Patch(':labelId')
  @Endpoint({
    summary: 'Change the name or colour of a label',
    returns: LabelDto,
    fails: [...writesLabels, 'label.not-found', 'label.name-taken'],
  })
  async update(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, labelId }: LabelParams,
    @Body() { name, color }: UpdateLabelDto,
  ) {
    const changes = { ...(name !== undefined && { name }), ...(color !== undefined && { color }) };
    return LabelDto.from(await this.orders.change(actor, sessionId, labelId, changes));
  }

  @Delete(':labelId')
  @Endpoint({ summary: 'Delete a label', returns: null, fails: [...writesLabels, 'label.not-found'] })
  async remove(@CurrentActor() actor: Actor, @Param() { sessionId, labelId }: LabelParams): Promise<void> {
    await this.orders.remove(actor, sessionId, labelId);
  }

  @Get(':labelId/chats')
  @Endpoint({
    summary: 'List the chats that have a label',
    returns: LabelledChatDto,
    list: true,
    fails: ['session.not-found', 'label.not-found'],
  })
  async chats(@CurrentActor() actor: Actor, @Param() { sessionId, labelId }: LabelParams, @Query() query: PageQuery) {
    return mapPage(await this.labels.chatsOf(actor, sessionId, labelId, query), LabelledChatDto.from);
  }

  @Get(':labelId/messages')
  @Endpoint({
    summary: 'List the messages that have a label',
    returns: LabelledMessageDto,
    list: true,
    fails: ['session.not-found', 'label.not-found'],
  })
  async messages(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, labelId }: LabelParams,
    @Query() query: PageQuery,
  ) {
    return mapPage(await this.labels.messagesOf(actor, sessionId, labelId, query), LabelledMessageDto.from);
  }

  @Post(':labelId/assign')
  @Endpoint({
    summary: 'Put a label on chats and messages',
    description: 'Each has an outcome of its own: `problem` says why something has not got the label.',
    returns: LabelOutcomesDto,
    fails: [...writesLabels, 'label.not-found'],
  })
  async assign(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, labelId }: LabelParams,
    @Body() body: LabelTargetsDto,
  ): Promise<LabelOutcomesDto> {
    return { items: await this.orders.assign(actor, sessionId, labelId, body.targets(), true) };
  }

  @Post(':labelId/unassign')
  @Endpoint({
    summary: 'Take a label off chats and messages',
    description: 'Each has an outcome of its own.',
    returns: LabelOutcomesDto,
    fails: [...writesLabels, 'label.not-found'],
  })
  async unassign(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, labelId }: LabelParams,
    @Body() body: LabelTargetsDto,
  ): Promise<LabelOutcomesDto> {
    return { items: await this.orders.assign(actor, sessionId, labelId, body.targets(), false) };
  }
}
