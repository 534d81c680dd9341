import { Controller, Delete, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { type FileBody, GivenFile, TakesFile } from '@app/platform/http/file-body.js';
import { pictureFails } from '../media/profile-pictures.service.js';
import { NewsletterEndpoint } from './newsletter-endpoint.js';
import { NewsletterOrdersService } from './newsletter-orders.service.js';
import { NewsletterDto, NewsletterParams } from './newsletters.dto.js';

@ApiTags('Newsletters')
@Access('user', 'messages')
@Controller('sessions/:sessionId/newsletters/:newsletterId/picture')
export class NewsletterPicturesController {
  constructor(private readonly orders: NewsletterOrdersService) {}

  @Put()
  @TakesFile()
  @NewsletterEndpoint({
    summary: 'Set the picture of a newsletter; for its admins',
    description: 'Its middle is taken as a square of 640 pixels. As a form it is the part `file`.',
    fails: pictureFails,
  })
  async set(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, newsletterId }: NewsletterParams,
    @GivenFile() body: FileBody,
  ) {
    return NewsletterDto.from(await this.orders.setPicture(actor, sessionId, newsletterId, body));
  }

  @Delete()
  @NewsletterEndpoint({ summary: 'Remove the picture of a newsletter; for its admins' })
  async remove(@CurrentActor() actor: Actor, @Param() { sessionId, newsletterId }: NewsletterParams) {
    return NewsletterDto.from(await this.orders.update(actor, sessionId, newsletterId, { picture: '' }));
  }
}
