import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { AddressBookService } from './address-book.service.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import {
  CheckedNumberDto,
  CheckedNumbersDto,
  CheckNumbersDto,
  ContactDto,
  ContactParams,
  ListContactsQuery,
  SaveContactDto,
} from './contacts.dto.js';
import { ContactsService } from './contacts.service.js';

const writesSettings = [
  ...needsWhatsApp,
  'invalid:contact.not-a-person',
  'invalid:contact.phone-unknown',
  'unavailable:chat.settings-locked',
  'unavailable:chat.settings-busy',
];

@ApiTags('Contacts')
@Access('user', 'contacts')
@Controller('sessions/:sessionId/contacts')
export class ContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly addressBook: AddressBookService,
  ) {}

  @Get()
  @Endpoint({
    summary: 'List the people that a session knows, by name',
    returns: ContactDto,
    list: true,
    fails: ['session.not-found'],
  })
  async list(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: ListContactsQuery) {
    return mapPage(await this.contacts.list(actor, sessionId, query), ContactDto.from);
  }

  @Post('check')
  @Access('user', 'contacts', { isReading: true })
  @Endpoint({
    summary: 'Check which phone numbers are on WhatsApp',
    description:
      'What WhatsApp said is kept: 30 days for a yes, 24 hours for a no. Only the others are asked for, and only some a minute.',
    returns: CheckedNumbersDto,
    fails: [...needsWhatsApp, 'invalid:contact.not-a-person', 'rate-limited:number.too-many-checks'],
  })
  async check(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() { phones }: CheckNumbersDto,
  ): Promise<CheckedNumbersDto> {
    return { items: (await this.contacts.check(actor, sessionId, phones)).map(CheckedNumberDto.from) };
  }

  @Get(':contactId')
  @Endpoint({
    summary: 'Get somebody as the session knows them',
    returns: ContactDto,
    fails: ['session.not-found', 'contact.not-found', 'invalid:contact.not-a-person'],
  })
  async get(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams) {
    return ContactDto.from(await this.contacts.get(actor, sessionId, contactId));
  }

  @Put(':contactId')
  @Endpoint({
    summary: 'Add somebody to the address book of the phone, or change their name',
    returns: ContactDto,
    fails: writesSettings,
  })
  async save(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, contactId }: ContactParams,
    @Body() { name, firstName, saveOnPhone = true }: SaveContactDto,
  ) {
    await this.addressBook.save(actor, sessionId, contactId, {
      name,
      firstName: firstName ?? null,
      isOnPhone: saveOnPhone,
    });
    return ContactDto.from(await this.contacts.get(actor, sessionId, contactId));
  }

  @Delete(':contactId')
  @Endpoint({
    summary: 'Remove somebody from the address book of the phone; the chat stays',
    returns: null,
    fails: writesSettings,
  })
  async remove(@CurrentActor() actor: Actor, @Param() { sessionId, contactId }: ContactParams): Promise<void> {
    await this.addressBook.remove(actor, sessionId, contactId);
  }
}
