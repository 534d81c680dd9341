import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { LargeBody } from '@app/platform/http/large-body.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { serveContent } from '@app/platform/http/serve-content.js';
import { TakesUpload, UploadBody, type Upload } from '@app/platform/http/upload.js';
import { Body, Controller, Delete, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ImportMediaDto, ListMediaQuery, MediaDto, UploadMediaDto } from './media.dto.js';
import { MediaService } from './media.service.js';
import { FetchWaMediaDto } from './wa-media.dto.js';
import { WaMediaService } from './wa-media.service.js';

const badFile = [
  'invalid:media.empty',
  'invalid:media.wrong-kind',
  'invalid:media.unreadable',
  'invalid:media.too-many-pixels',
  'invalid:media.too-slow',
  'too-large:media.too-large',
  'unavailable:media.transcoding-unavailable',
  'unavailable:media.busy',
  'unavailable:media.storage-failed',
];

const staffSeeOwn = 'Staff see the files that they have put in themselves.';

@ApiTags('Media')
@Access('user', 'media')
@Controller('media')
export class MediaController {
  constructor(
    private readonly media: MediaService,
    private readonly waMedia: WaMediaService,
  ) {}

  @Post()
  @Access('user', 'media', { role: 'staff' })
  @TakesUpload(UploadMediaDto)
  @Endpoint({
    summary: 'Upload a file',
    description: 'The part `file` is the file. It is stored while it arrives, whatever its size.',
    returns: MediaDto,
    status: 201,
    fails: [...badFile, 'invalid:request.malformed'],
  })
  async upload(@CurrentActor() actor: Actor, @UploadBody() upload: Upload) {
    return this.toDto(await this.media.upload(actor, upload));
  }

  @Post('import')
  @Access('user', 'media', { role: 'staff' })
  @LargeBody()
  @Endpoint({
    summary: 'Take a file from a URL, from base64 or from the library, and prepare it',
    description: 'Exactly one of `url`, `data` and `mediaId`. What was prepared before is not prepared again.',
    returns: MediaDto,
    status: 201,
    fails: [
      ...badFile,
      'invalid:media.one-source',
      'invalid:media.not-base64',
      'invalid:media.fetch-failed',
      'too-large:media.body-too-large',
      'media.not-found',
    ],
  })
  async import(@CurrentActor() actor: Actor, @Body() { url, data, mediaId, fileName, kind, ...rest }: ImportMediaDto) {
    const source = { url, data, mediaId, fileName };
    return this.toDto(await this.media.import(actor, source, kind ?? null, ImportMediaDto.options(rest)));
  }

  @Post('whatsapp')
  @Endpoint({
    summary: 'Take a file from WhatsApp by its keys',
    description:
      'For a file whose message is not here: with the fields of the message it is downloaded, opened and stored. Files of messages that are here are downloaded by themselves.',
    returns: MediaDto,
    status: 201,
    fails: [...badFile, 'not-found:media.expired', 'unavailable:media.download-failed', 'invalid:media.damaged'],
  })
  async fetch(@CurrentActor() actor: Actor, @Body() input: FetchWaMediaDto) {
    return this.toDto(await this.waMedia.fetch(actor, input));
  }

  @Get()
  @Access('user', 'media', { role: 'staff' })
  @Endpoint({ summary: 'List the files, the newest first', description: staffSeeOwn, returns: MediaDto, list: true })
  async list(@CurrentActor() actor: Actor, @Query() query: ListMediaQuery) {
    return mapPage(await this.media.list(actor, query), this.toDto);
  }

  @Get(':id')
  @Access('user', 'media', { role: 'staff' })
  @Endpoint({
    summary: 'Get a file, without its content',
    description: staffSeeOwn,
    returns: MediaDto,
    fails: ['media.not-found'],
  })
  async get(@CurrentActor() actor: Actor, @Param('id') id: string) {
    return this.toDto(await this.media.get(actor, id));
  }

  @Get(':id/content')
  @Access('user', 'media', { role: 'staff' })
  @Endpoint({
    summary: 'Get the content of a file',
    description: 'Takes `Range`, `If-Range` and `If-None-Match`.',
    returns: null,
    status: 200,
    also: [206],
    produces: ['application/octet-stream'],
    fails: ['media.not-found', 'not-found:media.gone', 'range:request.range'],
  })
  async content(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await serveContent(request, reply, this.media.contentOf(await this.media.get(actor, id)));
  }

  @Delete(':id')
  @Endpoint({ summary: 'Delete a file', returns: null, fails: ['media.not-found'] })
  async remove(@CurrentActor() actor: Actor, @Param('id') id: string) {
    await this.media.remove(actor, id);
  }

  private readonly toDto = (file: Parameters<typeof MediaDto.from>[0]) => MediaDto.from(file, this.media.linkTo(file));
}
