import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { type FileBody, GivenFile, TakesFile } from '@app/platform/http/file-body.js';
import { pictureFails } from '../media/profile-pictures.service.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { OwnDevicesDto, ProfileDto, SetAboutDto, SetNameDto } from './profile.dto.js';
import { ProfileService } from './profile.service.js';

@ApiTags('Profile')
@Access('user', 'sessions')
@Controller('sessions/:sessionId/profile')
export class ProfileController {
  constructor(private readonly profile: ProfileService) {}

  @Get()
  @Endpoint({ summary: 'Get the profile of the account', returns: ProfileDto, fails: needsWhatsApp })
  async get(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string) {
    return ProfileDto.from(await this.profile.get(actor, sessionId));
  }

  @Put('name')
  @Endpoint({
    summary: 'Change the name of the account',
    returns: null,
    fails: [...needsWhatsApp, 'unavailable:chat.settings-locked', 'unavailable:chat.settings-busy'],
  })
  async setName(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() { name }: SetNameDto) {
    await this.profile.setName(actor, sessionId, name);
  }

  @Put('about')
  @Endpoint({ summary: 'Change what the account says about itself', returns: null, fails: needsWhatsApp })
  async setAbout(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Body() { about }: SetAboutDto) {
    await this.profile.setAbout(actor, sessionId, about);
  }

  @Put('picture')
  @TakesFile()
  @Endpoint({
    summary: 'Set the picture of the account',
    description: 'Its middle is taken as a square of 640 pixels. As a form it is the part `file`.',
    returns: null,
    fails: [...needsWhatsApp, ...pictureFails],
  })
  async setPicture(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @GivenFile() body: FileBody,
  ): Promise<void> {
    await this.profile.setPicture(actor, sessionId, body);
  }

  @Delete('picture')
  @Endpoint({ summary: 'Remove the picture of the account', returns: null, fails: needsWhatsApp })
  async removePicture(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string) {
    await this.profile.removePicture(actor, sessionId);
  }

  @Get('devices')
  @Endpoint({ summary: 'List the devices of the account', returns: OwnDevicesDto, fails: needsWhatsApp })
  async devices(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string): Promise<OwnDevicesDto> {
    return { items: await this.profile.devices(actor, sessionId) };
  }
}
