import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import type { GroupFeatures, GroupRole, MembershipChange } from '@app/platform/events/data/group-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import { readGroup } from '../groups/read-group.js';
import { toWaId } from '../map/jid.js';
import { actorOf, childrenOf, momentOf, personOf, textIn, textOfChild, timeOfNode } from './notice-node.js';
import type { GroupFact, WaNotice } from './wa-notice.js';

/** Reads `<notification type="w:gp2">`. Baileys drops the second of two changes that come close together; this does not. */
export function readGroupNotices(node: BinaryNode): WaNotice[] {
  const by = actorOf(node);
  const about = { chatId: toWaId(node.attrs.from ?? ''), by, at: timeOfNode(node) };
  return childrenOf(node).flatMap((child) => {
    const fact = readMembership(child, by) ?? readCreation(child) ?? readFeatures(child);
    if (!fact) return [];
    // Of a new group the members stand inside of what is told of it.
    const holder = getBinaryNodeChild(child, 'group') ?? child;
    return [{ ...about, people: participantsIn(holder), fact }];
  });
}

/** The picture of a group. */
export function readGroupPicture(node: BinaryNode, picture: 'changed' | 'removed', author?: string): WaNotice {
  const by = actorOf(node) ?? personOf([author]);
  const fact = { kind: 'group-updated' as const, features: { picture } };
  return { chatId: toWaId(node.attrs.from ?? ''), by, people: [], at: timeOfNode(node), fact };
}

const changes: Record<string, MembershipChange | undefined> = {
  add: 'added',
  remove: 'removed',
  leave: 'left',
  promote: 'promoted',
  demote: 'demoted',
  modify: 'number-changed',
};

function readMembership(child: BinaryNode, by: WaPerson | null): GroupFact | null {
  const { tag, attrs } = child;
  if (tag === 'delete') return { kind: 'group-deleted' };
  const change = changes[tag];
  return change
    ? { kind: 'group-participants', change: precisely(change, attrs.reason, isOwnDoing(child, by)) }
    : readRequest(child, by);
}

/** Whoever adds or removes themselves joins or leaves. */
function precisely(change: MembershipChange, reason: string | undefined, isOwn: boolean): MembershipChange {
  if (change === 'added' && (isOwn || reason === 'invite')) return 'joined';
  return change === 'removed' && isOwn ? 'left' : change;
}

function readRequest(child: BinaryNode, by: WaPerson | null): GroupFact | null {
  const { tag, attrs } = child;
  if (tag === 'created_membership_requests')
    return { kind: 'group-join-request', state: 'created', method: attrs.request_method ?? null };
  if (tag !== 'revoked_membership_requests') return null;
  return { kind: 'group-join-request', state: isOwnDoing(child, by) ? 'revoked' : 'rejected', method: null };
}

/** They did it with themselves. */
function isOwnDoing(child: BinaryNode, by: WaPerson | null): boolean {
  const [person, ...others] = participantsIn(child);
  return !others.length && isSame(person ?? null, by);
}

const isSame = (one: WaPerson | null, other: WaPerson | null): boolean =>
  one !== null &&
  other !== null &&
  (one.waId === other.waId || (one.lid !== null && one.lid === other.lid) || one.waId === other.lid);

function readCreation(node: BinaryNode): GroupFact | null {
  const { tag, attrs } = node;
  const group = tag === 'create' ? getBinaryNodeChild(node, 'group') : undefined;
  if (!group) return null;
  const how = attrs.reason === 'invite' ? 'joined' : attrs.type === 'new' ? 'founded' : 'added';
  const roles = getBinaryNodeChildren(group, 'participant').map(roleOf);
  const features = childrenOf(group).reduce<GroupFeatures>((known, child) => ({ ...known, ...featureIn(child) }), {
    ...(group.attrs.subject && { subject: group.attrs.subject }),
  });
  return {
    kind: 'group-created',
    how,
    features,
    roles,
    foundedAt: momentOf(group.attrs.creation),
    group: readGroup(group),
  };
}

function roleOf({ attrs: { type } }: BinaryNode): GroupRole {
  return type === 'admin' || type === 'superadmin' ? type : 'member';
}

function readFeatures(child: BinaryNode): GroupFact | null {
  const features = featureIn(child);
  return features ? { kind: 'group-updated', features } : null;
}

type FeatureReader = (node: BinaryNode) => GroupFeatures | null;

const featureReaders: Record<string, FeatureReader | undefined> = {
  subject: ({ attrs }) => (attrs.subject ? { subject: attrs.subject } : null),
  description: (node) => ({ description: node.attrs.delete ? null : (textOfChild(node, 'body') ?? null) }),
  announcement: () => ({ isAnnouncement: true }),
  not_announcement: () => ({ isAnnouncement: false }),
  locked: () => ({ isLocked: true }),
  unlocked: () => ({ isLocked: false }),
  ephemeral: ({ attrs }) => ({ disappearingSeconds: Number(attrs.expiration) || 0 }),
  not_ephemeral: () => ({ disappearingSeconds: 0 }),
  invite: ({ attrs }) => (attrs.code ? { inviteCode: attrs.code } : null),
  member_add_mode: (node) => ({ membersMayAdd: textIn(node) === 'all_member_add' }),
  membership_approval_mode: (node) => {
    const state = getBinaryNodeChild(node, 'group_join')?.attrs.state;
    return state ? { needsApproval: state === 'on' } : null;
  },
  linked_parent: ({ attrs }) => (attrs.jid ? { communityId: toWaId(attrs.jid) } : null),
  link: (node) => linked(node, true),
  unlink: (node) => linked(node, false),
};

const featureIn: FeatureReader = (node) => featureReaders[node.tag]?.(node) ?? null;

function linked(node: BinaryNode, isLinked: boolean): GroupFeatures | null {
  const ids = getBinaryNodeChildren(node, 'group').flatMap(({ attrs: { jid, id } }) => groupIdOf(jid ?? id));
  const [first] = ids;
  if (!first) return null;
  const type = node.attrs.link_type ?? node.attrs.unlink_type;
  if (type === 'parent_group') return { communityId: isLinked ? first : null };
  return isLinked ? { linkedGroupIds: ids } : { unlinkedGroupIds: ids };
}

const groupIdOf = (id: string | undefined): string[] => (id ? [id.includes('@') ? toWaId(id) : `${id}@g.us`] : []);

const participantsIn = (node: BinaryNode): WaPerson[] =>
  getBinaryNodeChildren(node, 'participant').flatMap(
    ({ attrs }) => personOf([attrs.jid, attrs.phone_number, attrs.lid], attrs.display_name) ?? [],
  );
