import { Access } from '@app/platform/auth/access.decorator.js';
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

/** Webhooks of the operator: they get the events of all tenants. */
@ApiTags('Admin')
@Access('admin')
@Controller('admin/webhooks')
export class AdminWebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @Endpoint({
    summary: 'Create a webhook for the events of all tenants',
    description: 'Sessions can opt out by `globalSkips`. The secret is in the answer and is never shown again.',
    returns: CreatedWebhookDto,
    status: 201,
    fails: [...badSettings, 'destination.limit-reached'],
  })
  async create(@Body() input: CreateWebhookDto) {
    const { webhook, secret } = await this.webhooks.create('admin', input);
    return { ...WebhookDto.from(webhook), secret };
  }

  @Get()
  @Endpoint({ summary: "List the operator's webhooks", returns: WebhookDto, list: true })
  async list(@Query() query: PageQuery) {
    return mapPage(await this.webhooks.list('admin', query), WebhookDto.from);
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a webhook of the operator', returns: WebhookDto, fails: ['webhook.not-found'] })
  async get(@Param('id') id: string) {
    return WebhookDto.from(await this.webhooks.get('admin', id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a webhook of the operator',
    description: 'What is left out stays as it is. Deliveries that wait for another attempt are tried at once.',
    returns: WebhookDto,
    fails: [...badSettings, 'webhook.not-found'],
  })
  async update(@Param('id') id: string, @Body() input: UpdateWebhookDto) {
    return WebhookDto.from(await this.webhooks.update('admin', id, input));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a webhook of the operator and its deliveries',
    returns: null,
    fails: ['webhook.not-found'],
  })
  async remove(@Param('id') id: string) {
    await this.webhooks.remove('admin', id);
  }

  @Post(':id/secret')
  @Endpoint({
    summary: 'Give a webhook of the operator another secret',
    description: 'Both sign for a while, so that receivers can change over. The secret is never shown again.',
    returns: RotatedSecretDto,
    fails: ['webhook.not-found', 'invalid:webhook.secret-unfit'],
  })
  async rotateSecret(@Param('id') id: string, @Body() { secret, keepHours = 24 }: RotateSecretDto) {
    const rotated = await this.webhooks.rotateSecret('admin', id, { secret, keepHours });
    return { secret: rotated.secret, previousSecretUntil: WebhookDto.from(rotated.webhook).previousSecretUntil };
  }

  @Post(':id/test')
  @Endpoint({
    summary: 'Send a `test` event to this webhook of the operator alone',
    returns: TestEventDto,
    status: 202,
    fails: ['webhook.not-found', 'webhook.disabled'],
  })
  async test(@Param('id') id: string) {
    return { eventId: await this.webhooks.test('admin', id) };
  }
}
