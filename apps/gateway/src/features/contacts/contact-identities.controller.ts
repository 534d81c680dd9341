import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { FoundIdentitiesDto, IdentityDto } from './contact-identities.dto.js';
import { ContactIdentitiesService } from './contact-identities.service.js';
import { ContactIdsDto, ContactParams, PersonDto } from './contacts.dto.js';

const asksForIds = [...needsWhatsApp, 'invalid:contact.not-a-person'];
const bothWays =
  'In either direction. WhatsApp is asked for LIDs that are not known yet; the number behind a LID it does not tell, so that stays null until the session learns it.';

@ApiTags('Contacts')
@Access('user', 'contacts')
@Controller('sessions/:sessionId/contacts')
export class ContactIdentitiesController {
  constructor(private readonly identities: ContactIdentitiesService) {}

  @Get('identities')
  @Endpoint({
    summary: 'List the pairs of phone number and LID that a session has learnt',
    returns: IdentityDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: PageQuery) {
    return mapPage(await this.identities.list(actor, sessionId, query), IdentityDto.from);
  }

  @Post('identities')
  @Access('user', 'contacts', { isReading: true })
  @Endpoint({
    summary: 'Find the LIDs of phone numbers and the numbers of LIDs',
    description: bothWays,
    returns: FoundIdentitiesDto,
    fails: asksForIds,
  })
  async findMany(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { contactIds }: ContactIdsDto,
  ): Promise<FoundIdentitiesDto> {
    const found = await this.identities.find(actor, sessionId, contactIds, '/contactIds');
    return { items: found.map(PersonDto.from) };
  }

  @Get(':contactId/identity')
  @Endpoint({
    summary: 'Find the LID of a phone number, or the number of a LID',
    description: bothWays,
    returns: PersonDto,
    fails: asksForIds,
  })
  async find(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams) {
    const [found] = await this.identities.find(actor, sessionId, [contactId]);
    return found && PersonDto.from(found);
  }
}
