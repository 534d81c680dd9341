import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { serveContent } from '@app/platform/http/serve-content.js';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LinkQuery } from './media.dto.js';
import { MediaService } from './media.service.js';
import { TenantStoragesService } from './tenant-storages.service.js';

/** Signed links: the signature is the credential. */
@ApiTags('Media')
@Access('public')
@Controller('files')
export class FilesController {
  constructor(
    private readonly media: MediaService,
    private readonly buckets: TenantStoragesService,
  ) {}

  @Get(':id')
  @Endpoint({
    summary: 'Open a signed link',
    description:
      'The `link` of a file. It needs no token; a wrong or expired link is answered as if there were no file. Leads on to the public address of the bucket in which the file is, if the tenant has named one.',
    returns: null,
    status: 200,
    also: [206, 302],
    produces: ['application/octet-stream'],
    fails: ['media.not-found', 'not-found:media.gone', 'range:request.range'],
  })
  async get(
    @Param('id') id: string,
    @Query() { expires, signature }: LinkQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const file = await this.media.linked(id, expires, signature);
    const elsewhere = await this.buckets.publicUrlOf(file.storageKey);
    if (elsewhere) return reply.redirect(elsewhere, 302);
    await serveContent(request, reply, this.media.contentOf(file));
  }
}
