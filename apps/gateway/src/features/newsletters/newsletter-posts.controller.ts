import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { NewsletterEndpoint } from './newsletter-endpoint.js';
import {
  ListPostsQuery,
  LiveUpdatesDto,
  PostDto,
  PostParams,
  PostUpdatesQuery,
  ReactToPostDto,
  ViewedPostsDto,
} from './newsletter-posts.dto.js';
import { NewsletterPostsService } from './newsletter-posts.service.js';
import { NewsletterParams } from './newsletters.dto.js';

@ApiTags('Newsletters')
@Access('user', 'messages')
@Controller('sessions/:sessionId/newsletters/:newsletterId')
export class NewsletterPostsController {
  constructor(private readonly posts: NewsletterPostsService) {}

  @Get('posts')
  @NewsletterEndpoint({
    summary: 'Read the posts of a newsletter from WhatsApp, the newest first',
    description:
      'With views and reactions as they are now. What came in while the account followed it is stored: see `GET …/messages`.',
    returns: PostDto,
    list: true,
  })
  async list(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
    @Query() query: ListPostsQuery,
  ) {
    return mapPage(await this.posts.list(actor, sessionId, newsletterId, query), PostDto.from);
  }

  @Get('post-updates')
  @NewsletterEndpoint({
    summary: 'Read what changed in a newsletter, the oldest first: new, edited, deleted, seen or reacted to',
    returns: PostDto,
    list: true,
  })
  async updates(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
    @Query() query: PostUpdatesQuery,
  ) {
    return mapPage(await this.posts.updates(actor, sessionId, newsletterId, query), PostDto.from);
  }

  @Put('posts/:serverId/reaction')
  @NewsletterEndpoint({ summary: 'React to a post, in the place of an earlier reaction', returns: null })
  async react(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId, serverId }: PostParams,
    @Body() { emoji }: ReactToPostDto,
  ): Promise<void> {
    await this.posts.react(actor, sessionId, newsletterId, { serverId, emoji });
  }

  @Delete('posts/:serverId/reaction')
  @NewsletterEndpoint({ summary: 'Take the reaction to a post back', returns: null })
  async unreact(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId, serverId }: PostParams,
  ): Promise<void> {
    await this.posts.react(actor, sessionId, newsletterId, { serverId, emoji: null });
  }

  @Post('posts/viewed')
  @NewsletterEndpoint({ summary: 'Count the account among those who have seen posts', returns: null })
  async markViewed(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
    @Body() { serverIds }: ViewedPostsDto,
  ): Promise<void> {
    await this.posts.markViewed(actor, sessionId, newsletterId, serverIds);
  }

  @Put('live')
  @NewsletterEndpoint({
    summary: 'Be told of views and reactions as they happen, until that is ended',
    description: 'By `newsletter.live` and `newsletter.reaction`. It survives reconnects and restarts.',
    returns: LiveUpdatesDto,
    fails: ['newsletter.not-followed', 'newsletter.too-many-live'],
  })
  async watch(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
  ): Promise<LiveUpdatesDto> {
    return { seconds: await this.posts.watch(actor, sessionId, newsletterId) };
  }

  @Delete('live')
  @NewsletterEndpoint({
    summary: 'Be told of views and reactions no longer',
    description: 'WhatsApp may go on for the time it was last asked for.',
    returns: null,
  })
  async unwatch(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId }: NewsletterParams): Promise<void> {
    await this.posts.unwatch(actor, sessionId, newsletterId);
  }
}
