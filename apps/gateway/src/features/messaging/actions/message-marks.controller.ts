import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { ConfirmMessageDto, ConfirmMessagesDto, MessageKeyQuery } from './message-actions.dto.js';
import { MessageDetailsDto, MessageReceiptDto } from './message-details.dto.js';
import { MessageDetailsService } from './message-details.service.js';
import { OwnMarksService } from './own-marks.service.js';

const asks = [
  'session.not-found',
  'message.not-found',
  'session.not-connected',
  'timeout:session.no-answer',
  'timeout:whatsapp.no-answer',
];
const sets = [...asks, 'unavailable:chat.settings-locked', 'unavailable:chat.settings-busy'];

@Access('user', 'messages')
@Controller('sessions/:sessionId/messages')
export class MessageMarksController {
  constructor(
    private readonly details: MessageDetailsService,
    private readonly marks: OwnMarksService,
  ) {}

  @Get(':messageId')
  @Endpoint({
    summary: 'Get a message with its timeline and what people made of it',
    description: 'By our id or by that of WhatsApp. Works for what is done with messages, too: how far an edit got.',
    returns: MessageDetailsDto,
    fails: ['session.not-found', 'message.not-found'],
  })
  async get(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Param('messageId') id: string) {
    return MessageDetailsDto.of(await this.details.get(actor, sessionId, id));
  }

  @Get(':messageId/receipts')
  @Endpoint({
    summary: 'List who got, read and played an own message',
    returns: MessageReceiptDto,
    list: true,
    fails: ['session.not-found', 'message.not-found', 'message.not-own'],
  })
  async receipts(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Param('messageId') id: string) {
    const items = await this.details.receipts(actor, sessionId, id);
    return { items: items.map(MessageReceiptDto.from), nextCursor: null };
  }

  @Post('read')
  @Endpoint({
    summary: 'Mark several received messages as read or played',
    description: 'With read receipts switched off in the privacy settings only the own devices hear of it.',
    returns: null,
    fails: [...asks, 'message.not-received', 'invalid:message.key-incomplete'],
  })
  async confirmMany(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { messageIds, as, ...key }: ConfirmMessagesDto,
  ) {
    await this.marks.confirm(actor, sessionId, messageIds, key, as);
  }

  @Post(':messageId/read')
  @Endpoint({
    summary: 'Mark a received message as read or played',
    returns: null,
    fails: [...asks, 'message.not-received', 'invalid:message.key-incomplete'],
  })
  async confirm(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') id: string,
    @Query() key: MessageKeyQuery,
    @Body() { as }: ConfirmMessageDto,
  ) {
    await this.marks.confirm(actor, sessionId, [id], key, as);
  }

  @Put(':messageId/star')
  @Endpoint({ summary: 'Give a message a star, on all devices of the account', returns: null, fails: sets })
  async star(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') id: string,
    @Query() key: MessageKeyQuery,
  ) {
    await this.marks.star(actor, sessionId, id, key, true);
  }

  @Delete(':messageId/star')
  @Endpoint({ summary: 'Take the star of a message away', returns: null, fails: sets })
  async unstar(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') id: string,
    @Query() key: MessageKeyQuery,
  ) {
    await this.marks.star(actor, sessionId, id, key, false);
  }

  @Post(':messageId/delete')
  @Endpoint({
    summary: 'Delete a message for this account alone, on all its devices',
    description: 'What it said is gone here, too. Others keep it. One that is not stored here needs its `timestamp`.',
    returns: null,
    fails: [...sets, 'invalid:message.key-incomplete'],
  })
  async deleteForMe(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Param('messageId') id: string,
    @Query() key: MessageKeyQuery,
  ) {
    await this.marks.deleteForMe(actor, sessionId, id, key);
  }
}
