import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Group, GroupSettings } from './group.js';

/** A person in a group's address family, with the other family alongside so that clients learn both. */
export function personStanza(group: Group, account: Account, more: Record<string, string | undefined> = {}): Stanza {
  const [lid, phone_number] =
    group.addressing === 'pn' ? [account.jid('lid'), undefined] : [undefined, account.shownNumber];
  return stanza('participant', { jid: group.jidOf(account), lid, phone_number, ...more });
}

/** Everything about a group: `tag` is `group`, or `community` where clients want to hear that word. */
export function groupStanza(group: Group, tag: 'group' | 'community' = 'group', rejected: Stanza[] = []): Stanza {
  const { subject, founder, members } = group;
  const attrs = {
    id: group.id,
    subject: subject.text,
    s_t: subject.at,
    s_o: group.jidOf(subject.by),
    s_o_pn: pnIn(group, subject.by),
    creation: group.createdAt,
    creator: group.jidOf(founder),
    creator_pn: pnIn(group, founder),
    addressing_mode: group.addressing,
    size: members.size,
  };
  const people = [...members].map(([account, role]) =>
    personStanza(group, account, { type: role === 'member' ? undefined : role }),
  );
  return stanza(tag, attrs, [...people, ...rejected, ...detailsOf(group, tag)]);
}

/** A group as one line of a list. */
export function groupEntry(group: Group): Stanza {
  const attrs = {
    id: group.id,
    subject: group.subject.text,
    creation: group.createdAt,
    creator: group.jidOf(group.founder),
    size: group.members.size,
  };
  return stanza('group', attrs, group.kind === 'announcements' ? [stanza('default_sub_group')] : undefined);
}

/** `<description>`; without content when the text was taken away. */
export function descriptionStanza(group: Group): Stanza {
  const { description } = group;
  if (!description) return stanza('description', { delete: 'true' });
  const { id, text, by, at } = description;
  const body = stanza('body', {}, Buffer.from(text));
  return stanza('description', { id, participant: group.jidOf(by), t: at }, [body]);
}

/** How each setting is told when it changes. */
export const settingStanza: { [K in keyof GroupSettings]: (value: GroupSettings[K]) => Stanza } = {
  announcement: (on) => stanza(on ? 'announcement' : 'not_announcement'),
  locked: (on) => stanza(on ? 'locked' : 'unlocked'),
  disappearingSeconds: (seconds) =>
    seconds > 0 ? stanza('ephemeral', { expiration: seconds }) : stanza('not_ephemeral'),
  memberAddMode: (mode) => stanza('member_add_mode', {}, Buffer.from(mode)),
  joinApproval: (on) => stanza('membership_approval_mode', {}, [stanza('group_join', { state: on ? 'on' : 'off' })]),
};

function pnIn(group: Group, account: Account): string | undefined {
  return group.addressing === 'lid' ? account.shownNumber : undefined;
}

function detailsOf(group: Group, tag: 'group' | 'community'): Stanza[] {
  const { settings, community, kind } = group;
  const details = [settingStanza.memberAddMode(settings.memberAddMode)];
  if (group.description) details.push(descriptionStanza(group));
  if (settings.announcement) details.push(stanza('announcement'));
  if (settings.locked) details.push(stanza('locked'));
  if (settings.disappearingSeconds > 0) details.push(settingStanza.disappearingSeconds(settings.disappearingSeconds));
  if (settings.joinApproval) details.push(settingStanza.joinApproval(true));
  if (kind === 'community') details.push(stanza('parent', { default_membership_approval_mode: 'request_required' }));
  if (community) details.push(stanza('linked_parent', { jid: community.jid }));
  if (kind === 'announcements') details.push(stanza('default_sub_group'));
  if (group.isGeneralChat) details.push(stanza('general_chat'));
  if (group.openToNewGroups) details.push(stanza('allow_non_admin_sub_group_creation'));
  if (tag === 'community') details.push(stanza('addressing_mode', {}, Buffer.from(group.addressing)));
  return details;
}
