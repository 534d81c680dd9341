import { children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Business, BusinessProfile } from './business.js';

const textFields = ['address', 'description', 'email'] as const;

/** `<profile>` as others read it. */
export function profileStanza(jid: string, { profile, cover }: Business): Stanza {
  const content = textFields
    .filter((name) => profile[name] !== undefined)
    .map((name) => stanza(name, {}, Buffer.from(profile[name] ?? '')));
  for (const website of profile.websites ?? []) content.push(stanza('website', {}, Buffer.from(website)));
  if (profile.category !== undefined) {
    const category = stanza('category', { id: '1' }, Buffer.from(profile.category));
    content.push(stanza('categories', {}, [category]));
  }
  if (profile.hours) content.push(hoursStanza(profile.hours));
  if (cover) content.push(stanza('cover_photo', { id: cover.id }));
  return stanza('profile', { jid }, content);
}

/** What a client wants to change: fields that are absent stay as they are. */
export function readProfile(body: Stanza): BusinessProfile {
  const text = (tag: string): string | undefined => {
    const [found] = children(body, tag);
    return found && contentText(found);
  };
  const websites = children(body, 'website').map(contentText);
  const [hours] = children(body, 'business_hours');
  return {
    address: text('address'),
    description: text('description'),
    email: text('email'),
    websites: websites.length > 0 ? websites : undefined,
    hours: hours && { timezone: hours.attrs.timezone ?? 'UTC', days: children(hours).map(readDay) },
  };
}

function hoursStanza({ timezone, days }: NonNullable<BusinessProfile['hours']>): Stanza {
  const configs = days.map(({ day, mode, opensAt, closesAt }) =>
    stanza('business_hours_config', { day_of_week: day, mode, open_time: opensAt, close_time: closesAt }),
  );
  return stanza('business_hours', { timezone }, configs);
}

function readDay({ attrs }: Stanza) {
  const { day_of_week: day = '', mode = '', open_time: opensAt, close_time: closesAt } = attrs;
  return { day, mode, opensAt, closesAt };
}
