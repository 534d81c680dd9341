import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { identityOf, toWaId } from '../map/jid.js';
import { momentOf, textIn, textOfChild } from '../notices/notice-node.js';
import type { MemberOutcome, GroupSnapshot, WaGroupMember } from './group-snapshot.js';

/**
 * Reads `<group>`. Baileys' reader takes those who could not be added to a new group for members, and does not tell
 * phone numbers and general chats.
 */
export function readGroup(node: BinaryNode): GroupSnapshot {
  const { attrs } = node;
  const people = getBinaryNodeChildren(node, 'participant');
  const members = people.filter(({ attrs: { error } }) => !error).map(readMember);
  return {
    groupId: groupIdOf(attrs.id ?? ''),
    subject: attrs.subject ?? '',
    subjectAt: timeIn(attrs.s_t),
    subjectById: whoIs(attrs.s_o, attrs.s_o_pn),
    ...readDescription(getBinaryNodeChild(node, 'description')),
    ownerId: whoIs(attrs.creator, attrs.creator_pn),
    foundedAt: timeIn(attrs.creation),
    addressing: attrs.addressing_mode === 'lid' ? 'lid' : 'pn',
    ...readSettings(node),
    size: Number(attrs.size) || members.length,
    members,
    refused: people.filter(({ attrs: { error } }) => error).map(readOutcome),
  };
}

function readSettings(node: BinaryNode) {
  const has = (tag: string) => getBinaryNodeChild(node, tag) !== undefined;
  const approval = getBinaryNodeChild(node, 'membership_approval_mode');
  const community = getBinaryNodeChild(node, 'linked_parent')?.attrs.jid;
  return {
    isAnnouncement: has('announcement'),
    isLocked: has('locked'),
    disappearingSeconds: Number(getBinaryNodeChild(node, 'ephemeral')?.attrs.expiration) || 0,
    membersMayAdd: textOfChild(node, 'member_add_mode') === 'all_member_add',
    needsApproval: approval !== undefined && getBinaryNodeChild(approval, 'group_join')?.attrs.state !== 'off',
    isCommunity: has('parent'),
    isAnnouncementGroup: has('default_sub_group'),
    isGeneralChat: has('general_chat'),
    communityId: community ? toWaId(community) : null,
  };
}

function readDescription(node: BinaryNode | undefined) {
  const text = node && !node.attrs.delete ? textOfChild(node, 'body') : null;
  const attrs: BinaryNode['attrs'] = node?.attrs ?? {};
  return {
    description: text,
    descriptionId: attrs.id ?? null,
    descriptionAt: timeIn(attrs.t),
    descriptionById: whoIs(attrs.participant, attrs.participant_pn),
  };
}

function readMember({ attrs }: BinaryNode): WaGroupMember {
  const { type } = attrs;
  return { ...addressesIn(attrs), role: type === 'admin' || type === 'superadmin' ? type : 'member' };
}

/** What became of one person: `<participant error?><add_request code expiration/></participant>`. */
export function readOutcome(node: BinaryNode): MemberOutcome {
  const { error } = node.attrs;
  const request = getBinaryNodeChild(node, 'add_request')?.attrs;
  const invite = request?.code ? { code: request.code, expiresAt: timeIn(request.expiration) } : null;
  return { ...addressesIn(node.attrs), refusal: error && error !== '200' ? Number(error) : null, invite };
}

/** A person who waits to be let in. */
export interface JoinRequest extends Pick<WaGroupMember, 'id' | 'phone' | 'lid'> {
  /** RFC 3339 */
  requestedAt: string | null;
  /** In WhatsApp's word, such as `invite_link`. */
  method: string | null;
  /** Who wants to have them in the group, if it is not themselves. */
  requestedById: string | null;
}

/** Reads `<membership_approval_request>`. */
export function readJoinRequest({ attrs }: BinaryNode): JoinRequest {
  return {
    ...addressesIn(attrs),
    requestedAt: timeIn(attrs.request_time),
    method: attrs.request_method ?? null,
    requestedById: attrs.requestor ? toWaId(attrs.requestor) : null,
  };
}

/** A group of a community, as far as those who are not in it are told. */
export interface LinkedGroup {
  groupId: string;
  subject: string;
  size: number | null;
  foundedAt: string | null;
  isAnnouncementGroup: boolean;
}

/** Reads one line of `<sub_groups>`. */
export const readLinkedGroup = (node: BinaryNode): LinkedGroup => ({
  groupId: groupIdOf(node.attrs.id ?? ''),
  subject: node.attrs.subject ?? '',
  size: Number(node.attrs.size) || null,
  foundedAt: timeIn(node.attrs.creation),
  isAnnouncementGroup: getBinaryNodeChild(node, 'default_sub_group') !== undefined,
});

/** WhatsApp names groups with and without their domain. */
export const groupIdOf = (id: string): string => (id.includes('@') ? toWaId(id) : `${id}@g.us`);

/** The text of a node that is one, such as an invitation code. */
export const codeIn = (node: BinaryNode | undefined): string | null =>
  node?.attrs.code ?? (node && textIn(node)) ?? null;

function addressesIn({
  jid = '',
  phone_number,
  lid,
}: BinaryNode['attrs']): Pick<WaGroupMember, 'id' | 'phone' | 'lid'> {
  return { id: toWaId(jid), ...identityOf(jid, phone_number || undefined, lid || undefined) };
}

function whoIs(jid: string | undefined, phoneJid: string | undefined): string | null {
  const { phone, lid } = identityOf(phoneJid || undefined, jid || undefined);
  return phone ?? lid;
}

const timeIn = (seconds: string | undefined): string | null => momentOf(seconds)?.toISOString() ?? null;
