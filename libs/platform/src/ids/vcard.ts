/** Somebody as fields, to be written as a card. */
export interface CardFields {
  name: string;
  phones: string[];
  organization?: string;
  title?: string;
  emails?: string[];
  url?: string;
}

/** Line breaks fold a vCard, and these characters part its values. */
const escaped = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n');

/** A vCard 3.0; `phones` are waIds of people on WhatsApp, who can be written to from the card. */
export function vcardOf({ name, phones, organization, title, emails = [], url }: CardFields): string {
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:;${escaped(name)};;;`,
    `FN:${escaped(name)}`,
    ...(organization ? [`ORG:${escaped(organization)}`] : []),
    ...(title ? [`TITLE:${escaped(title)}`] : []),
    ...phones.map((phone) => `TEL;type=CELL;waid=${phone}:+${phone}`),
    ...emails.map((email) => `EMAIL;type=INTERNET:${escaped(email)}`),
    ...(url ? [`URL:${url}`] : []),
    'END:VCARD',
  ].join('\n');
}

const MOST_PHONES = 50;

/** The numbers in a vCard: WhatsApp's own id where it is told, else the digits. */
export function phonesIn(vcard: string): string[] {
  const lines = vcard.slice(0, 100_000).split(/\r?\n/);
  const phones = lines.flatMap((line) => {
    const [, parameters = '', value = ''] = /^(?:item\d+\.)?TEL([^:]*):(.*)$/i.exec(line) ?? [];
    const digits = (/waid=(\d+)/i.exec(parameters)?.[1] ?? value).replace(/\D/g, '');
    return digits ? [digits] : [];
  });
  return [...new Set(phones)].slice(0, MOST_PHONES);
}

/** The name on a vCard; null when it has none. */
export const nameIn = (vcard: string): string | null =>
  /^FN[^:\n]*:(.+)$/im
    .exec(vcard)?.[1]
    ?.replace(/\\([\\;,])/g, '$1')
    .trim() ?? null;
