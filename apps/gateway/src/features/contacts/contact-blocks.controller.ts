import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { BlockedContactsDto, BlockOutcomesDto, wantedBlocks } from './contact-blocks.dto.js';
import { ContactBlocksService } from './contact-blocks.service.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { BlockContactsDto, ContactParams, PersonDto } from './contacts.dto.js';

const failsToBlock = [...needsWhatsApp, 'invalid:contact.not-a-person', 'not-found:contact.not-on-whatsapp'];

@ApiTags('Contacts')
@Access('user', 'contacts')
@Controller('sessions/:sessionId/contacts')
export class ContactBlocksController {
  constructor(private readonly blocks: ContactBlocksService) {}

  @Get('blocked')
  @Endpoint({
    summary: 'List whom the account blocks, as WhatsApp has it',
    returns: BlockedContactsDto,
    fails: needsWhatsApp,
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<BlockedContactsDto> {
    return { items: (await this.blocks.list(actor, sessionId)).map(PersonDto.from) };
  }

  @Patch('blocked')
  @Endpoint({
    summary: 'Block and unblock several people at once',
    description: 'Each has an outcome of its own: `problem` says why somebody stays as they were.',
    returns: BlockOutcomesDto,
    fails: failsToBlock,
  })
  async change(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() body: BlockContactsDto,
  ): Promise<BlockOutcomesDto> {
    return { items: await this.blocks.setMany(actor, sessionId, wantedBlocks(body)) };
  }

  @Post(':contactId/block')
  @Endpoint({
    summary: 'Block somebody: they can neither write nor call',
    returns: null,
    fails: [...failsToBlock, 'invalid:contact.phone-unknown'],
  })
  async block(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams): Promise<void> {
    await this.blocks.set(actor, sessionId, contactId, true);
  }

  @Post(':contactId/unblock')
  @Endpoint({ summary: 'Unblock somebody', returns: null, fails: failsToBlock })
  async unblock(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams): Promise<void> {
    await this.blocks.set(actor, sessionId, contactId, false);
  }
}
