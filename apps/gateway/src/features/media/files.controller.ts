import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { serveContent } from '@app/platform/http/serve-content.js';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LinkQuery } from './media.dto.js';
import { MediaService } from './media.service.js';

/** Signed links: the signature is the credential. */
@ApiTags('Media')
@Access('public')
@Controller('files')
export class FilesController {
  constructor(private readonly media: MediaService) {}

  @Get(':id')
  @Endpoint({
    summary: 'Open a signed link',
    description:
      'The `link` of a file. It needs no token; a wrong or expired link is answered as if there were no file.',
    returns: null,
    status: 200,
    also: [206],
    produces: ['application/octet-stream'],
    fails: ['media.not-found', 'not-found:media.gone', 'range:request.range'],
  })
  async get(
    @Param('id') id: string,
    @Query() { expires, signature }: LinkQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await serveContent(request, reply, this.media.contentOf(await this.media.linked(id, expires, signature)));
  }
}
