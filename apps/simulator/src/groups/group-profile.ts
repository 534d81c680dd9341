import { stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import { disappearingLifetimes } from '../world/disappearing.js';
import type { GroupNotices } from './group-notices.js';
import { descriptionStanza, settingStanza } from './group-stanzas.js';
import type { Group, GroupSettings } from './group.js';
import { demandAdmin, demandEditor, refusals } from './rights.js';

const MAX_SUBJECT = 100;
const MAX_DESCRIPTION = 2048;

/** A new description: without text the old one is taken away. */
export interface NewDescription {
  id: string;
  text?: string | undefined;
  /** The id of the description that is replaced, to notice that somebody else was faster. */
  prev?: string | undefined;
}

/** How a group presents itself: subject, description, settings. */
export class GroupProfile {
  constructor(
    private readonly core: Core,
    private readonly notices: GroupNotices,
  ) {}

  /** Refuses what cannot be a subject. */
  static checkSubject(text: string): string {
    if (text.length === 0 || text.length > MAX_SUBJECT) throw refusals.notAcceptable();
    return text;
  }

  /** Refuses what cannot be a description. */
  static checkDescription(text: string | undefined): void {
    if (text !== undefined && text.length > MAX_DESCRIPTION) throw refusals.notAcceptable();
  }

  rename(group: Group, by: Account, text: string): void {
    demandEditor(group, by);
    group.subject = { text: GroupProfile.checkSubject(text), by, at: this.core.clock.seconds() };
    const { at } = group.subject;
    this.notices.tell(group, by, () => stanza('subject', { subject: text, s_t: at, s_o: group.jidOf(by) }));
  }

  describe(group: Group, by: Account, { id, text, prev }: NewDescription): void {
    demandEditor(group, by);
    if (prev !== group.description?.id) throw refusals.conflict();
    GroupProfile.checkDescription(text);
    group.description = text ? { id, text, by, at: this.core.clock.seconds() } : undefined;
    this.notices.tell(group, by, () => descriptionStanza(group));
  }

  /** Changes one setting and says so; nothing is said when it stays what it was. */
  set<K extends keyof GroupSettings>(group: Group, by: Account, setting: K, value: GroupSettings[K]): void {
    if (setting === 'disappearingSeconds') demandEditor(group, by);
    else demandAdmin(group, by);
    if (setting === 'disappearingSeconds' && !disappearingLifetimes.has(Number(value))) throw refusals.badRequest();
    if (group.settings[setting] === value) return;
    group.settings[setting] = value;
    this.notices.tell(group, by, () => settingStanza[setting](value));
  }
}
