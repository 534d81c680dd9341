import type { BinaryNode } from '@whiskeysockets/baileys';
import type { GroupSnapshot } from '../groups/group-snapshot.js';

/** What can be set of a group. */
export interface GroupSettings {
  subject?: string;
  description?: string | null;
  isAnnouncement?: boolean;
  isLocked?: boolean;
  membersMayAdd?: boolean;
  needsApproval?: boolean;
  disappearingSeconds?: number;
}

/** The group as far as what it is set to depends on it; `newId` names a new description. */
export interface SettingContext extends Pick<GroupSnapshot, 'isCommunity' | 'descriptionId'> {
  newId: string;
}

type Orders = { [Setting in keyof GroupSettings]-?: (value: never, group: SettingContext) => BinaryNode };

const node = (tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode =>
  content === undefined ? { tag, attrs } : { tag, attrs, content };

/** The stanzas of Baileys' own functions, which take no answer for a good one. */
const orders: Orders = {
  subject: (text: string) => node('subject', {}, Buffer.from(text)),
  description: (text: string | null, { descriptionId, newId }) => {
    const replaced: Record<string, string> = descriptionId ? { prev: descriptionId } : {};
    if (!text) return node('description', { delete: 'true', ...replaced });
    return node('description', { id: newId, ...replaced }, [node('body', {}, Buffer.from(text))]);
  },
  isAnnouncement: (isOn: boolean) => node(isOn ? 'announcement' : 'not_announcement'),
  isLocked: (isOn: boolean) => node(isOn ? 'locked' : 'unlocked'),
  membersMayAdd: (isOn: boolean) => node('member_add_mode', {}, isOn ? 'all_member_add' : 'admin_add'),
  needsApproval: (isOn: boolean, { isCommunity }) => {
    const mode = node(isCommunity ? 'community_join' : 'group_join', { state: isOn ? 'on' : 'off' });
    return node('membership_approval_mode', {}, [mode]);
  },
  disappearingSeconds: (seconds: number) => disappearing(seconds),
};

/** In how many seconds messages of a group disappear; 0 for never. */
export const disappearing = (seconds: number): BinaryNode =>
  seconds ? node('ephemeral', { expiration: String(seconds) }) : node('not_ephemeral');

/** One stanza for each setting that is named, in a fixed order. */
export function settingOrders(settings: GroupSettings, group: SettingContext): [GroupSettings, BinaryNode][] {
  return (Object.keys(orders) as (keyof GroupSettings)[])
    .filter((name) => settings[name] !== undefined)
    .map((name) => [{ [name]: settings[name] }, orders[name](settings[name] as never, group)]);
}
