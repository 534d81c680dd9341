import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { serveContent } from '@app/platform/http/serve-content.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import {
  AboutDto,
  BusinessProfileDto,
  ContactDevicesDto,
  ContactDevicesListDto,
  ContactInfoDto,
  ContactProfileDto,
  ContactProfilesDto,
  PictureDto,
} from './contact-infos.dto.js';
import { ContactInfosService } from './contact-infos.service.js';
import { ContactPicturesService } from './contact-pictures.service.js';
import { ContactIdsDto, ContactParams, PictureQuery } from './contacts.dto.js';

const asksAboutPeople = [...needsWhatsApp, 'invalid:contact.not-a-person', 'rate-limited:number.too-many-checks'];
const asksForPicture = [...needsWhatsApp, 'not-found:contact.no-picture', 'forbidden:contact.picture-hidden'];

@ApiTags('Contacts')
@Access('user', 'contacts')
@Controller('sessions/:sessionId/contacts')
export class ContactInfosController {
  constructor(
    private readonly infos: ContactInfosService,
    private readonly pictures: ContactPicturesService,
  ) {}

  @Post('profiles')
  @Access('user', 'contacts', { isReading: true })
  @Endpoint({
    summary: 'Ask WhatsApp about several people at once',
    returns: ContactProfilesDto,
    fails: asksAboutPeople,
  })
  async profiles(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { contactIds }: ContactIdsDto,
  ): Promise<ContactProfilesDto> {
    return { items: (await this.infos.profiles(actor, sessionId, contactIds)).map(ContactProfileDto.from) };
  }

  @Post('devices')
  @Access('user', 'contacts', { isReading: true })
  @Endpoint({
    summary: 'Ask WhatsApp for the devices of several people',
    returns: ContactDevicesListDto,
    fails: asksAboutPeople,
  })
  async devicesOfMany(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { contactIds }: ContactIdsDto,
  ): Promise<ContactDevicesListDto> {
    return { items: await this.infos.devices(actor, sessionId, contactIds, '/contactIds') };
  }

  @Get(':contactId/info')
  @Endpoint({
    summary: 'Get everything about somebody: names, about, picture, devices, business profile, blocked or not',
    returns: ContactInfoDto,
    fails: asksAboutPeople,
  })
  async get(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams) {
    return ContactInfoDto.from(await this.infos.get(actor, sessionId, contactId));
  }

  @Get(':contactId/about')
  @Endpoint({
    summary: 'Get what somebody says about themselves',
    returns: AboutDto,
    fails: [...asksAboutPeople, 'not-found:contact.not-on-whatsapp'],
  })
  async about(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams) {
    return AboutDto.from(await this.infos.about(actor, sessionId, contactId));
  }

  @Get(':contactId/devices')
  @Endpoint({
    summary: 'Get the devices of somebody',
    description: 'WhatsApp does not tell what kind of computer or browser it is.',
    returns: ContactDevicesDto,
    fails: asksAboutPeople,
  })
  async devices(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams) {
    const [devices] = await this.infos.devices(actor, sessionId, [contactId]);
    return devices;
  }

  @Get(':contactId/picture')
  @Endpoint({
    summary: 'Get a link to the picture of a person or group',
    returns: PictureDto,
    fails: asksForPicture,
  })
  async picture(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, contactId }: ContactParams,
    @Query() { size = 'full', ...rights }: PictureQuery,
  ): Promise<PictureDto> {
    return { url: await this.pictures.link(actor, sessionId, { waId: contactId, size, ...rights }), size };
  }

  @Get(':contactId/picture/content')
  @Endpoint({
    summary: 'Download the picture of a person or group',
    returns: null,
    status: 200,
    also: [206],
    produces: ['image/jpeg'],
    fails: [...asksForPicture, 'unavailable:media.download-failed', 'range:request.range'],
  })
  async pictureContent(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, contactId }: ContactParams,
    @Query() { size = 'full', ...rights }: PictureQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const content = await this.pictures.content(actor, sessionId, { waId: contactId, size, ...rights });
    await serveContent(request, reply, content);
  }

  @Get(':contactId/business-profile')
  @Endpoint({
    summary: 'Get what a business says about itself',
    returns: BusinessProfileDto,
    fails: [...needsWhatsApp, 'invalid:contact.not-a-person', 'business.not-found'],
  })
  async businessProfile(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams) {
    return BusinessProfileDto.from(await this.infos.businessProfile(actor, sessionId, contactId));
  }
}
