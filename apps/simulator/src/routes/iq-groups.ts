import type { GroupService } from '../groups/group-service.js';
import { groupStanza, personStanza } from '../groups/group-stanzas.js';
import type { Group } from '../groups/group.js';
import { memberChanges } from '../groups/membership.js';
import type { Outcome } from '../groups/membership.js';
import { demandMember, refusals } from '../groups/rights.js';
import { child, children, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import type { Directory } from '../world/directory.js';
import type { IqRouter } from './iq-router.js';

/** Answers a query about the group it is addressed to. */
type GroupHandler = (group: Group, actor: Account, body: Stanza) => Stanza[] | undefined | void;

/** What clients ask about groups and do in them; communities are groups, too. */
export function routeGroups(router: IqRouter, service: GroupService, directory: Directory): void {
  const { groups } = service;
  const on = (route: string, handler: GroupHandler): void =>
    router.on(route, ({ account }: Device, body, iq) => handler(groupAt(service, iq.attrs.to), account, body));

  on('get w:g2 query', (group, actor) => {
    demandMember(group, actor);
    return metadata(group);
  });
  router.on('get w:g2 participating', ({ account }) => {
    const mine = groups.of(account);
    const communities = mine.filter(({ kind }) => kind === 'community');
    return [
      stanza(
        'groups',
        {},
        mine.map((group) => groupStanza(group)),
      ),
      stanza(
        'communities',
        {},
        communities.map((group) => groupStanza(group, 'community')),
      ),
    ];
  });
  for (const change of memberChanges)
    on(`set w:g2 ${change}`, (group, actor, body) => {
      const outcomes = service.membership.change(change, group, actor, jidsIn(body));
      return [stanza(change, {}, outcomeStanzas(group, outcomes))];
    });
  router.on('set w:g2 leave', ({ account }, body) => {
    const left = children(body).map(({ attrs }) => groupAt(service, attrs.id));
    for (const group of left) demandMember(group, account);
    for (const group of left) service.membership.dismiss(group, [account], account);
  });
  routeProfile(on, service);
  routeInvitations(router, on, service, directory);
  routeRequests(on, service);
}

/** The group with this address; refused when there is none. */
export function groupAt({ groups }: GroupService, jid: string | undefined): Group {
  const group = groups.find(jid);
  if (!group) throw refusals.notFound();
  return group;
}

/** The addresses a list of participants names. */
export function jidsIn(body: Stanza | undefined): string[] {
  return children(body, 'participant').map(({ attrs }) => attrs.jid ?? '');
}

/** What became of each person, as the service answers it. */
export function outcomeStanzas(group: Group, outcomes: Outcome[]): Stanza[] {
  return outcomes.map(({ jid, person, error, invite }) => {
    const code = error === undefined ? undefined : String(error);
    const entry = person ? personStanza(group, person, { error: code }) : stanza('participant', { jid, error: code });
    if (!invite) return entry;
    return { ...entry, content: [stanza('add_request', { code: invite.code, expiration: invite.expiresAt })] };
  });
}

/** The library looks for a community under another name than for a group, depending on which function asked. */
function metadata(group: Group): Stanza[] {
  return group.kind === 'community' ? [groupStanza(group), groupStanza(group, 'community')] : [groupStanza(group)];
}

type Route = (route: string, handler: GroupHandler) => void;

function routeProfile(on: Route, { profile }: GroupService): void {
  on('set w:g2 subject', (group, actor, body) => profile.rename(group, actor, contentText(body)));
  on('set w:g2 description', (group, actor, body) => {
    const { id = '', prev } = body.attrs;
    const text = body.attrs.delete === 'true' ? undefined : contentText(child(body, 'body'));
    profile.describe(group, actor, { id, text, prev });
  });
  for (const [tag, isOn] of [
    ['announcement', true],
    ['not_announcement', false],
  ] as const)
    on(`set w:g2 ${tag}`, (group, actor) => profile.set(group, actor, 'announcement', isOn));
  for (const [tag, isOn] of [
    ['locked', true],
    ['unlocked', false],
  ] as const)
    on(`set w:g2 ${tag}`, (group, actor) => profile.set(group, actor, 'locked', isOn));
  on('set w:g2 ephemeral', (group, actor, { attrs }) =>
    profile.set(group, actor, 'disappearingSeconds', Number(attrs.expiration)),
  );
  on('set w:g2 not_ephemeral', (group, actor) => profile.set(group, actor, 'disappearingSeconds', 0));
  on('set w:g2 member_add_mode', (group, actor, body) => {
    const mode = contentText(body);
    if (mode !== 'all_member_add' && mode !== 'admin_add') throw refusals.badRequest();
    profile.set(group, actor, 'memberAddMode', mode);
  });
  // `<group_join state/>`; in a community `<community_join state/>`.
  on('set w:g2 membership_approval_mode', (group, actor, body) =>
    profile.set(group, actor, 'joinApproval', child(body)?.attrs.state === 'on'),
  );
}

function routeInvitations(router: IqRouter, on: Route, service: GroupService, directory: Directory): void {
  const { invitations } = service;
  router.on('get w:g2 invite', ({ account }, { attrs: { code } }, iq) => {
    if (code !== undefined) return metadata(invitations.look(code));
    return [stanza('invite', { code: invitations.codeOf(groupAt(service, iq.attrs.to), account) })];
  });
  router.on('set w:g2 invite', ({ account }, { attrs: { code } }, iq) => {
    if (code === undefined)
      return [stanza('invite', { code: invitations.renew(groupAt(service, iq.attrs.to), account) })];
    const { group, isMember } = invitations.follow(code, account);
    const { jid } = group;
    if (!isMember) return [stanza('membership_approval_request', { jid })];
    return group.kind === 'community'
      ? [stanza('group', { jid }), stanza('community', { jid })]
      : [stanza('group', { jid })];
  });
  on('set w:g2 accept', (group, actor, { attrs: { code = '', admin } }) =>
    invitations.accept(group, actor, code, directory.findByJid(admin)),
  );
  on('set w:g2 revoke', (group, actor, body) => [
    stanza('revoke', {}, outcomeStanzas(group, invitations.withdraw(group, actor, jidsIn(body)))),
  ]);
}

function routeRequests(on: Route, { requests }: GroupService): void {
  on('get w:g2 membership_approval_requests', (group, actor) => [
    stanza('membership_approval_requests', {}, requests.list(group, actor)),
  ]);
  on('set w:g2 membership_requests_action', (group, actor, body) => {
    const decisions = children(body).map(({ tag, content }) => {
      if (tag !== 'approve' && tag !== 'reject') throw refusals.badRequest();
      const outcomes = requests.decide(tag, group, actor, jidsIn({ tag, attrs: {}, content: content ?? [] }));
      return stanza(tag, {}, outcomeStanzas(group, outcomes));
    });
    return [stanza('membership_requests_action', {}, decisions)];
  });
}
