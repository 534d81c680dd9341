import { Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { type FileBody, GivenFile, TakesFile } from '@app/platform/http/file-body.js';
import { pictureFails } from '../media/profile-pictures.service.js';
import { GroupOrder } from './group-endpoint.js';
import { GroupPictureDto, GroupPictureQuery, SetPictureDto } from './group-orders.dto.js';
import { GroupPicturesService } from './group-pictures.service.js';
import { GroupParams } from './groups.dto.js';

@ApiTags('Groups')
@Access('user', 'groups')
@Controller('sessions/:sessionId/groups/:groupId/picture')
export class GroupPicturesController {
  constructor(private readonly pictures: GroupPicturesService) {}

  @Get()
  @GroupOrder('Get the address of the picture of a group', GroupPictureDto, { fails: ['picture.not-found'] })
  async get(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, groupId }: GroupParams,
    @Query() { size = 'image' }: GroupPictureQuery,
  ): Promise<GroupPictureDto> {
    return { url: await this.pictures.find(actor, sessionId, groupId, size) };
  }

  @Put()
  @TakesFile()
  @GroupOrder('Give a group a picture', SetPictureDto, {
    description: 'JSON with `url`, `data` or `mediaId`, or a form with `file`. Its middle becomes a square JPEG.',
    fails: [...pictureFails, 'invalid:request.malformed'],
  })
  async set(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, groupId }: GroupParams,
    @GivenFile() body: FileBody,
  ): Promise<SetPictureDto> {
    return { pictureId: await this.pictures.set(actor, sessionId, groupId, body) };
  }

  @Delete()
  @GroupOrder('Take the picture of a group away', null)
  async remove(@CurrentActor() actor: Actor, @Param() { sessionId, groupId }: GroupParams): Promise<void> {
    await this.pictures.remove(actor, sessionId, groupId);
  }
}
