import type { SharedContact } from '@app/platform/events/content-shapes.js';
import { invalid } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { OneOf, Text, UrlField } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { nameIn, phonesIn, vcardOf } from '@app/platform/ids/vcard.js';
import { phoneOf } from '@app/platform/ids/wa-id.js';
import { SendMessageDto } from './send-message.dto.js';

const MAX_CONTACTS = 100;
const MAX_VCARD = 20_000;

export class ContactCardDto {
  @Text({ optional: true, max: 200, example: 'Ana' }) name?: string;
  @Text({ optional: true, max: MAX_VCARD, description: 'A whole vCard, in place of the fields.' }) vcard?: string;
  @List({ of: 'waId', min: 1, max: 10, optional: true, example: ['6281234567890'] }) phones?: string[];
  @Text({ optional: true, max: 200 }) organization?: string;
  @Text({ optional: true, max: 200 }) title?: string;
  @List({ max: 10, optional: true }) emails?: string[];
  @UrlField({ optional: true }) url?: string;

  toContent(pointer: string): SharedContact {
    return this.vcard === undefined ? this.written(pointer) : this.ready(pointer, this.vcard);
  }

  private ready(pointer: string, vcard: string): SharedContact {
    const extra = (['phones', 'organization', 'title', 'emails', 'url'] as const).find((name) => this[name]);
    if (extra) throw invalid('message.card-mixed', `${pointer}/${extra}`, 'Give a vCard or fields, not both.');
    if (!/^BEGIN:VCARD[\s\S]*END:VCARD\s*$/i.test(vcard))
      throw invalid('message.card-invalid', `${pointer}/vcard`, 'A vCard goes from BEGIN:VCARD to END:VCARD.');
    const name = this.name ?? nameIn(vcard);
    if (!name) throw invalid('message.card-invalid', `${pointer}/name`, 'A card needs a name.');
    return { name, vcard, phones: phonesIn(vcard) };
  }

  private written(pointer: string): SharedContact {
    const { name, phones = [], ...fields } = this;
    if (!name) throw invalid('message.card-invalid', `${pointer}/name`, 'A card needs a name.');
    if (!phones.length || !phones.every(phoneOf))
      throw invalid('message.card-invalid', `${pointer}/phones`, 'A card needs phone numbers, at least one.');
    return { name, vcard: vcardOf({ name, phones, ...fields }), phones };
  }
}

export class SendContactsDto extends SendMessageDto {
  @OneOf(['contacts']) type: 'contacts';
  @List({ of: () => ContactCardDto, min: 1, max: MAX_CONTACTS }) contacts: ContactCardDto[];

  content(): MessageContent {
    const contacts = this.contacts.map((card, index) => card.toContent(`/contacts/${index}`));
    return { type: 'contacts', contacts };
  }
}
