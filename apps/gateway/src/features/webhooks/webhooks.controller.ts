import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage, PageQuery } from '@app/platform/http/page.js';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CreatedWebhookDto,
  CreateWebhookDto,
  RotatedSecretDto,
  RotateSecretDto,
  TestEventDto,
  UpdateWebhookDto,
  WebhookDto,
} from './webhooks.dto.js';
import { badSettings } from './webhook-failures.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('Webhooks')
@Access('user', 'webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @Endpoint({
    summary: 'Create a webhook',
    description: 'The secret is in the answer and is never shown again.',
    returns: CreatedWebhookDto,
    status: 201,
    fails: [...badSettings, 'destination.limit-reached'],
  })
  async create(@CurrentActor() actor: Actor, @Body() input: CreateWebhookDto) {
    const { webhook, secret } = await this.webhooks.create(actor, input);
    return { ...WebhookDto.from(webhook), secret };
  }

  @Get()
  @Endpoint({ summary: 'List the webhooks', returns: WebhookDto, list: true })
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery) {
    return mapPage(await this.webhooks.list(actor, query), WebhookDto.from);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a webhook', returns: WebhookDto, fails: ['webhook.not-found'] })
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return WebhookDto.from(await this.webhooks.get(actor, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a webhook',
    description: 'What is left out stays as it is. Deliveries that wait for another attempt are tried at once.',
    returns: WebhookDto,
    fails: [...badSettings, 'webhook.not-found'],
  })
  async update(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() input: UpdateWebhookDto) {
    return WebhookDto.from(await this.webhooks.update(actor, id, input));
  }

  @Delete(':id')
  @Endpoint({ summary: 'Delete a webhook and its deliveries', returns: null, fails: ['webhook.not-found'] })
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string) {
    await this.webhooks.remove(actor, id);
  }

  @Post(':id/secret')
  @Endpoint({
    summary: 'Give a webhook another secret',
    description: 'Both sign for a while, so that receivers can change over. The secret is never shown again.',
    returns: RotatedSecretDto,
    fails: ['webhook.not-found', 'invalid:webhook.secret-unfit'],
  })
  async rotateSecret(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() { secret, keepHours = 24 }: RotateSecretDto,
  ) {
    const rotated = await this.webhooks.rotateSecret(actor, id, { secret, keepHours });
    return { secret: rotated.secret, previousSecretUntil: WebhookDto.from(rotated.webhook).previousSecretUntil };
  }

  @Post(':id/test')
  @Endpoint({
    summary: 'Send a `test` event to this webhook alone',
    returns: TestEventDto,
    status: 202,
    fails: ['webhook.not-found', 'webhook.disabled'],
  })
  async test(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return { eventId: await this.webhooks.test(actor, id) };
  }
}
