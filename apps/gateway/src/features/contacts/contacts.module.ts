import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WaContact } from '@app/database/entities/wa-contact.entity.js';
import { WhatsappModule } from '@app/whatsapp/whatsapp.module.js';
import { LabelsModule } from '../labels/labels.module.js';
import { MediaModule } from '../media/media.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { AddressBookService } from './address-book.service.js';
import { BusinessController } from './business/business.controller.js';
import { BusinessService } from './business/business.service.js';
import { LinksController } from './business/links.controller.js';
import { LinksService } from './business/links.service.js';
import { ContactBlocksController } from './contact-blocks.controller.js';
import { ContactBlocksService } from './contact-blocks.service.js';
import { ContactEventsService } from './contact-events.service.js';
import { ContactIdentitiesController } from './contact-identities.controller.js';
import { ContactIdentitiesService } from './contact-identities.service.js';
import { ContactInfosController } from './contact-infos.controller.js';
import { ContactInfosService } from './contact-infos.service.js';
import { ContactNamesService } from './contact-names.service.js';
import { ContactPeopleService } from './contact-people.service.js';
import { ContactPicturesService } from './contact-pictures.service.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsService } from './contacts.service.js';

/** What WhatsApp knows about people and businesses. */
@Module({
  imports: [
    TypeOrmModule.forFeature([WaContact]),
    WhatsappModule,
    LabelsModule,
    MediaModule,
    MessagingModule,
    SessionsModule,
  ],
  controllers: [
    BusinessController,
    LinksController,
    ContactBlocksController,
    ContactIdentitiesController,
    ContactsController,
    ContactInfosController,
  ],
  providers: [
    AddressBookService,
    BusinessService,
    LinksService,
    ContactBlocksService,
    ContactEventsService,
    ContactIdentitiesService,
    ContactInfosService,
    ContactNamesService,
    ContactPeopleService,
    ContactPicturesService,
    ContactsService,
  ],
  exports: [ContactNamesService, ContactPeopleService],
})
export class ContactsModule {}
