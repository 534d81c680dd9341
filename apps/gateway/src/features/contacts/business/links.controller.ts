import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { needsWhatsApp } from '../../sessions/session-commands.service.js';
import {
  BotProfilesDto,
  BotsDto,
  ContactLinkDto,
  LinkTargetDto,
  ResolveContactLinkDto,
  ResolveMessageLinkDto,
  WantedBotsDto,
} from './links.dto.js';
import { LinksService } from './links.service.js';

const resolves = [...needsWhatsApp, 'link.not-found', 'invalid:link.invalid'];

@ApiTags('Business')
@Access('user', 'contacts')
@Controller('sessions/:sessionId/business')
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Get('contact-link')
  @Endpoint({
    summary: 'Get the link, and text of the QR code, by which people add the account',
    returns: ContactLinkDto,
    fails: needsWhatsApp,
  })
  async contactLink(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<ContactLinkDto> {
    return { link: await this.links.contactLink(actor, sessionId, false) };
  }

  @Post('contact-link/revoke')
  @Endpoint({ summary: 'Replace the contact link of the account', returns: ContactLinkDto, fails: needsWhatsApp })
  async revoke(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<ContactLinkDto> {
    return { link: await this.links.contactLink(actor, sessionId, true) };
  }

  @Post('contact-link/resolve')
  @Access('user', 'contacts', { isReading: true })
  @Endpoint({ summary: 'Find out whose contact link it is', returns: LinkTargetDto, fails: resolves })
  async resolveContact(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { link }: ResolveContactLinkDto,
  ): Promise<LinkTargetDto> {
    return this.links.resolve(actor, sessionId, 'contact', link);
  }

  @Post('message-links/resolve')
  @Access('user', 'contacts', { isReading: true })
  @Endpoint({
    summary: 'Find out which business a message link leads to, and with which text',
    returns: LinkTargetDto,
    fails: resolves,
  })
  async resolveMessage(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { link }: ResolveMessageLinkDto,
  ): Promise<LinkTargetDto> {
    return this.links.resolve(actor, sessionId, 'message', link);
  }

  @Get('bots')
  @Endpoint({ summary: 'List the bots that WhatsApp offers', returns: BotsDto, fails: needsWhatsApp })
  async bots(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<BotsDto> {
    return { items: await this.links.bots(actor, sessionId) };
  }

  @Post('bots/profiles')
  @Access('user', 'contacts', { isReading: true })
  @Endpoint({ summary: 'Get what bots say about themselves', returns: BotProfilesDto, fails: needsWhatsApp })
  async botProfiles(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { bots }: WantedBotsDto,
  ): Promise<BotProfilesDto> {
    const wanted = bots.map(({ botId, personaId }) => ({ botId, personaId: personaId ?? null }));
    return { items: await this.links.botProfiles(actor, sessionId, wanted) };
  }
}
