import type { proto } from '@whiskeysockets/baileys';
import type { SharedContact } from '@app/platform/events/content-shapes.js';
import { phonesIn } from '@app/platform/ids/vcard.js';
import type { ContentKind } from './content-kind.js';

export const contacts: ContentKind<'contacts'> = {
  type: 'contacts',
  fields: ['contactMessage', 'contactsArrayMessage'],
  write: ({ contacts: cards }) => {
    const messages = cards.map(({ name, vcard }) => ({ displayName: name, vcard }));
    if (messages.length === 1) return { contactMessage: messages[0] };
    return { contactsArrayMessage: { displayName: `${messages.length} contacts`, contacts: messages } };
  },
  read: ({ contactMessage, contactsArrayMessage }) => ({
    type: 'contacts',
    contacts: (contactMessage ? [contactMessage] : (contactsArrayMessage?.contacts ?? [])).map(cardOf),
  }),
};

const cardOf = ({ displayName, vcard }: proto.Message.IContactMessage): SharedContact => ({
  name: displayName ?? '',
  vcard: vcard ?? '',
  phones: phonesIn(vcard ?? ''),
});
