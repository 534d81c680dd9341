import type { Group } from '../groups/group.js';
import { done } from '../groups/membership.js';
import type { Outcome } from '../groups/membership.js';
import { isoOf } from '../world/clock.js';
import { Problem } from '../world/problem.js';
import type { Stage } from './stage.js';

/** The group with this address. */
export function groupIn(stage: Stage, jid: string): Group {
  const group = stage.current.groupService.groups.find(jid);
  if (!group) throw new Problem(404, 'group.unknown', `There is no group ${jid}.`);
  return group;
}

/** A group as the control API shows it. */
export function groupSummary(group: Group) {
  const { jid, kind, subject, addressing, founder, settings, description, community } = group;
  return {
    jid,
    kind,
    subject: subject.text,
    description: description?.text ?? null,
    owner: founder.pn,
    addressing,
    community: community?.jid ?? null,
    inviteCode: group.inviteCode,
    size: group.members.size,
    ...settings,
  };
}

/** A group with its people. */
export function groupDescription(group: Group) {
  return {
    ...groupSummary(group),
    members: [...group.members].map(([{ pn, lid }, role]) => ({ pn, lid, role })),
    joinRequests: [...group.requests].map(([{ pn }, { method }]) => ({ pn, method })),
  };
}

/** What became of the people of a change: who it was done for, and why not for the others. */
export function outcomeSummary(outcomes: Outcome[]) {
  const refused = outcomes.filter(({ error }) => error !== undefined);
  return {
    done: done(outcomes).map(({ pn }) => pn),
    refused: refused.map(({ jid, person, error, invite }) => ({
      pn: person?.pn ?? jid.split('@')[0],
      error,
      ...(invite && { inviteCode: invite.code, inviteExpiresAt: isoOf(invite.expiresAt) }),
    })),
  };
}
