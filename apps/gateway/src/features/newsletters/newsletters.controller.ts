import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { LargeBody } from '@app/platform/http/large-body.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { pictureFails } from '../media/profile-pictures.service.js';
import { NewsletterEndpoint } from './newsletter-endpoint.js';
import { NewsletterOrdersService } from './newsletter-orders.service.js';
import {
  AcceptTermsDto,
  CreateNewsletterDto,
  GetNewsletterQuery,
  ListNewslettersQuery,
  NewsletterCountsDto,
  NewsletterDto,
  NewsletterParams,
  NewsletterSyncDto,
  UpdateNewsletterDto,
} from './newsletters.dto.js';
import { NewslettersService } from './newsletters.service.js';

@ApiTags('Newsletters')
@Access('user', 'messages')
@Controller('sessions/:sessionId/newsletters')
export class NewslettersController {
  constructor(
    private readonly newsletters: NewslettersService,
    private readonly orders: NewsletterOrdersService,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List the newsletters that the account follows or runs',
    description: 'As they are stored here: kept up to date by what WhatsApp tells, without asking it.',
    returns: NewsletterDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Query() query: ListNewslettersQuery,
  ) {
    return mapPage(await this.newsletters.list(actor, sessionId, query), NewsletterDto.from);
  }

  @Post()
  @LargeBody()
  @NewsletterEndpoint({ summary: 'Create a newsletter', status: 201, fails: pictureFails })
  async create(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() body: CreateNewsletterDto) {
    const { name, description } = body;
    return NewsletterDto.from(await this.orders.create(actor, sessionId, { name, description, image: body.image() }));
  }

  @Post('sync')
  @NewsletterEndpoint({
    summary: 'Read the list of all newsletters from WhatsApp once more',
    description: 'Done once after linking; what changed since is told by events.',
    returns: NewsletterSyncDto,
  })
  async sync(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<NewsletterSyncDto> {
    return { followed: await this.newsletters.sync(actor, sessionId) };
  }

  @Post('terms')
  @NewsletterEndpoint({
    summary: 'Accept the terms of WhatsApp for creating newsletters',
    description: 'Needed once an account before it creates its first one, when WhatsApp refuses that.',
    returns: null,
  })
  async acceptTerms(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { noticeId, stage }: AcceptTermsDto,
  ): Promise<void> {
    await this.orders.acceptTerms(actor, sessionId, { noticeId, stage });
  }

  @Get(':newsletterId')
  @NewsletterEndpoint({
    summary: 'Get a newsletter',
    description: 'As it is stored when the account follows it; else, or with `isFresh`, as WhatsApp describes it.',
  })
  async get(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
    @Query() { isFresh = false }: GetNewsletterQuery,
  ) {
    return NewsletterDto.from(await this.newsletters.get(actor, sessionId, newsletterId, isFresh));
  }

  @Get(':newsletterId/counts')
  @NewsletterEndpoint({
    summary: 'Count who follows and who runs a newsletter; for its admins',
    returns: NewsletterCountsDto,
  })
  counts(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
  ): Promise<NewsletterCountsDto> {
    return this.newsletters.counts(actor, sessionId, newsletterId);
  }

  @Patch(':newsletterId')
  @NewsletterEndpoint({ summary: 'Change name, description or reactions of a newsletter' })
  async update(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
    @Body() { name, description, reactions }: UpdateNewsletterDto,
  ) {
    const changes = { name, description, reactions };
    return NewsletterDto.from(await this.orders.update(actor, sessionId, newsletterId, changes));
  }

  @Delete(':newsletterId')
  @NewsletterEndpoint({ summary: 'Delete a newsletter for everybody; for its owner', returns: null })
  async delete(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId }: NewsletterParams): Promise<void> {
    await this.orders.delete(actor, sessionId, newsletterId);
  }
}
