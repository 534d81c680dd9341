import { ApiProperty } from '@nestjs/swagger';
import { invalid } from '@app/platform/errors/app-error.js';
import { Integer, OneOf } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { type Audience, type ListedPerson, privacyChoices, type PrivacySetting } from '@app/whatsapp/api/privacy.js';
import type { Exceptions, Privacy, PrivacyPatch } from './privacy.service.js';

const timers = [0, 86_400, 604_800, 7_776_000];
const timerText = 'After how many seconds messages of new chats disappear: 0 (never), 86400, 604800 or 7776000.';
const descriptions: Record<PrivacySetting, string> = {
  lastSeen: 'Who sees when the account was last online.',
  online: 'Who sees that it is online.',
  profilePicture: 'Who sees its picture.',
  about: 'Who sees what it says about itself.',
  readReceipts: '`nobody`: senders do not see that their messages are read, nor does the account see it of others.',
  groups: 'Who may put it into groups.',
  calls: 'Who may call.',
  messages: 'Who may write.',
};
const Choice = (setting: PrivacySetting) =>
  OneOf(privacyChoices[setting], { optional: true, description: descriptions[setting] });
const Chosen = (setting: PrivacySetting) =>
  ApiProperty({ enum: privacyChoices[setting], nullable: true, description: descriptions[setting] });

export class UpdatePrivacyDto {
  @Choice('lastSeen') lastSeen?: Audience;
  @Choice('online') online?: Audience;
  @Choice('profilePicture') profilePicture?: Audience;
  @Choice('about') about?: Audience;
  @Choice('readReceipts') readReceipts?: Audience;
  @Choice('groups') groups?: Audience;
  @Choice('calls') calls?: Audience;
  @Choice('messages') messages?: Audience;
  @Integer({ max: 7_776_000, optional: true, description: timerText }) defaultDisappearingSeconds?: number;

  patch(): PrivacyPatch {
    const { defaultDisappearingSeconds: seconds } = this;
    if (seconds !== undefined && !timers.includes(seconds))
      throw invalid('request.invalid', '/defaultDisappearingSeconds', `must be one of ${timers.join(', ')}`);
    const given = Object.entries(this).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given);
  }
}

export class PrivacyDto {
  @Chosen('lastSeen') lastSeen: string | null;
  @Chosen('online') online: string | null;
  @Chosen('profilePicture') profilePicture: string | null;
  @Chosen('about') about: string | null;
  @Chosen('readReceipts') readReceipts: string | null;
  @Chosen('groups') groups: string | null;
  @Chosen('calls') calls: string | null;
  @Chosen('messages') messages: string | null;
  @ApiProperty({ type: 'integer', description: timerText }) defaultDisappearingSeconds: number;

  static from(this: void, { settings, defaultDisappearingSeconds }: Privacy): PrivacyDto {
    return { ...settings, defaultDisappearingSeconds };
  }
}

/** Settings that can be `contacts-except`. */
export const exceptable = (Object.keys(privacyChoices) as PrivacySetting[]).filter((setting) =>
  new Set<string>(privacyChoices[setting]).has('contacts-except'),
);

export class ExceptDto {
  @OneOf(exceptable) setting: PrivacySetting;
  @List({ of: 'waId', max: 1000, description: 'All who are excepted; others no longer are.' }) people: string[];
}

const statusAudiences = ['contacts', 'contacts-except', 'only'] as const;

export class SetStatusPrivacyDto {
  @OneOf(statusAudiences) audience: (typeof statusAudiences)[number];
  @List({ of: 'waId', max: 1000, optional: true, description: 'Whom it leaves out, or whom alone it means.' })
  people?: string[];

  chosen(): { audience: (typeof statusAudiences)[number]; people: string[] } {
    const { audience, people = [] } = this;
    if (audience === 'only' && !people.length) throw invalid('request.invalid', '/people', 'must name somebody');
    return { audience, people };
  }
}

export class ListedPersonDto implements ListedPerson {
  @ApiProperty() waId: string;
  @ApiProperty({ type: String, nullable: true }) phone: string | null;
  @ApiProperty({ type: String, nullable: true }) lid: string | null;
}

export class SettingExceptionsDto implements Exceptions {
  @ApiProperty({ enum: exceptable }) setting: PrivacySetting;
  @ApiProperty({ type: [ListedPersonDto] }) people: ListedPersonDto[];
}

export class ExceptionsDto {
  @ApiProperty({ type: [SettingExceptionsDto] }) items: SettingExceptionsDto[];
}

export class StatusPrivacyDto {
  @ApiProperty({ enum: statusAudiences }) audience: string;
  @ApiProperty({ type: [ListedPersonDto], description: 'Whom it leaves out, or whom alone it means.' })
  people: ListedPersonDto[];
}
