import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { NewsletterEndpoint } from './newsletter-endpoint.js';
import { NewsletterOrdersService } from './newsletter-orders.service.js';
import { NewsletterDto, NewsletterInviteParams } from './newsletters.dto.js';
import { NewslettersService } from './newsletters.service.js';

const fails = ['invalid:newsletter.invite-invalid'];

/** Newsletters by their invitations. */
@ApiTags('Newsletters')
@Access('user', 'messages')
@Controller('sessions/:sessionId/newsletter-invites/:invite')
export class NewsletterInvitesController {
  constructor(
    private readonly newsletters: NewslettersService,
    private readonly orders: NewsletterOrdersService,
  ) {}

  @Get()
  @NewsletterEndpoint({ summary: 'See which newsletter an invitation is for', fails })
  async get(@CurrentActor() actor: Actor, @Param() params: NewsletterInviteParams) {
    return NewsletterDto.from(await this.newsletters.byInvite(actor, params.sessionId, params.code()));
  }

  @Post('follow')
  @NewsletterEndpoint({ summary: 'Follow the newsletter of an invitation', fails })
  async follow(@CurrentActor() actor: Actor, @Param() params: NewsletterInviteParams) {
    return NewsletterDto.from(await this.orders.follow(actor, params.sessionId, { inviteCode: params.code() }));
  }

  @Post('unfollow')
  @NewsletterEndpoint({ summary: 'Follow the newsletter of an invitation no longer', fails })
  async unfollow(@CurrentActor() actor: Actor, @Param() params: NewsletterInviteParams) {
    return NewsletterDto.from(await this.orders.unfollow(actor, params.sessionId, { inviteCode: params.code() }));
  }
}
