import { type GroupMetadata, WAMessageAddressingMode } from '@whiskeysockets/baileys';
import { toJid } from '../map/jid.js';
import type { GroupSnapshot, WaGroupMember } from './group-snapshot.js';

/** What has to be known of a group to write into it. */
export interface SendableGroup extends Pick<
  GroupSnapshot,
  'groupId' | 'addressing' | 'disappearingSeconds' | 'isAnnouncementGroup'
> {
  members: Pick<WaGroupMember, 'id'>[];
}

/** The same as Baileys wants it. */
export const toMetadata = ({ groupId, addressing, disappearingSeconds, members }: SendableGroup): GroupMetadata => ({
  id: toJid(groupId),
  owner: undefined,
  subject: '',
  addressingMode: addressing === 'lid' ? WAMessageAddressingMode.LID : WAMessageAddressingMode.PN,
  ephemeralDuration: disappearingSeconds || undefined,
  participants: members.map(({ id }) => ({ id: toJid(id) })),
});
