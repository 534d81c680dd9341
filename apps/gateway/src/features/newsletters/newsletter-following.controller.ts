import { Body, Controller, Delete, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { NewsletterEndpoint } from './newsletter-endpoint.js';
import { NewsletterOrdersService } from './newsletter-orders.service.js';
import { ChangeOwnerDto, NewsletterAdminParams, NewsletterDto, NewsletterParams } from './newsletters.dto.js';

/** Who follows a newsletter, and who runs it. */
@ApiTags('Newsletters')
@Access('user', 'messages')
@Controller('sessions/:sessionId/newsletters')
export class NewsletterFollowingController {
  constructor(private readonly orders: NewsletterOrdersService) {}

  @Post(':newsletterId/follow')
  @NewsletterEndpoint({ summary: 'Follow a newsletter' })
  async follow(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId }: NewsletterParams) {
    return NewsletterDto.from(await this.orders.follow(actor, sessionId, { newsletterId }));
  }

  @Post(':newsletterId/unfollow')
  @NewsletterEndpoint({ summary: 'Follow a newsletter no longer' })
  async unfollow(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId }: NewsletterParams) {
    return NewsletterDto.from(await this.orders.unfollow(actor, sessionId, { newsletterId }));
  }

  @Post(':newsletterId/mute')
  @NewsletterEndpoint({ summary: 'Mute a newsletter' })
  async mute(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId }: NewsletterParams) {
    return NewsletterDto.from(await this.orders.mute(actor, sessionId, newsletterId, true));
  }

  @Post(':newsletterId/unmute')
  @NewsletterEndpoint({ summary: 'End the muting of a newsletter' })
  async unmute(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId }: NewsletterParams) {
    return NewsletterDto.from(await this.orders.mute(actor, sessionId, newsletterId, false));
  }

  @Put(':newsletterId/owner')
  @NewsletterEndpoint({ summary: 'Hand a newsletter over to one of its admins; for its owner' })
  async changeOwner(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
    @Body() { userId }: ChangeOwnerDto,
  ) {
    return NewsletterDto.from(await this.orders.changeOwner(actor, sessionId, newsletterId, userId));
  }

  @Delete(':newsletterId/admins/:userId')
  @NewsletterEndpoint({
    summary: 'Make an admin a follower again: for the owner, or an admin who steps down',
    description: 'Admins are made by an invitation: a message of type `newsletter-invite`.',
  })
  async demote(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId, userId }: NewsletterAdminParams) {
    return NewsletterDto.from(await this.orders.demote(actor, sessionId, newsletterId, userId));
  }
}
