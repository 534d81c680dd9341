import type { FastifyInstance } from 'fastify';
import type { Group, GroupSettings } from '../groups/group.js';
import { GroupProfile } from '../groups/group-profile.js';
import { demandAdmin, demandEditor, demandMember } from '../groups/rights.js';
import { memberChanges } from '../groups/membership.js';
import type { MemberChange } from '../groups/membership.js';
import type { Family } from '../wire/jid.js';
import { userJid } from '../wire/jid.js';
import type { Account } from '../world/account.js';
import { Problem } from '../world/problem.js';
import { asPerson } from './as-person.js';
import { groupDescription, groupIn, groupSummary, outcomeSummary } from './group-view.js';
import { disappearingSchema, familySchema, flag, groupSchema, pnSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

type Jid = { jid: string };

interface Appearance extends Partial<GroupSettings> {
  subject?: string;
  description?: string;
}

interface GroupOrder extends Appearance {
  subject: string;
  owner: string;
  members?: string[];
  admins?: string[];
  addressing?: Family;
  community?: string;
}

interface GroupChange extends Appearance, Partial<Record<MemberChange | 'approve' | 'reject', string[]>> {
  by: string;
  renewInvite?: boolean;
}

const tags = ['groups'];
const word = { type: 'string', minLength: 1, maxLength: 10_000 };
const people = { type: 'array', items: pnSchema, maxItems: 5_000 };
const appearance = {
  subject: word,
  description: { type: 'string', maxLength: 10_000 },
  announcement: flag,
  locked: flag,
  disappearingSeconds: disappearingSchema,
  memberAddMode: { enum: ['all_member_add', 'admin_add'] },
  joinApproval: flag,
};
const settings = ['announcement', 'locked', 'disappearingSeconds', 'memberAddMode', 'joinApproval'] as const;
const decisions = ['approve', 'reject'] as const;
/** What only admins may do. */
const forAdmins = [
  ...(['announcement', 'locked', 'memberAddMode', 'joinApproval', 'renewInvite'] as const),
  ...(['promote', 'demote', ...decisions] as const),
];
const orderSchema = strictObject(
  {
    ...appearance,
    owner: pnSchema,
    members: people,
    admins: people,
    addressing: familySchema,
    community: groupSchema,
  },
  ['subject', 'owner'],
);
const changeSchema = strictObject(
  {
    ...appearance,
    by: pnSchema,
    add: people,
    remove: people,
    promote: people,
    demote: people,
    approve: people,
    reject: people,
    renewInvite: flag,
  },
  ['by'],
);

/** Groups: founding, looking at, and everything a member can do in them. */
export function groupRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Body: GroupOrder }>(
    '/groups',
    { schema: { summary: 'Found a group', tags, body: orderSchema } },
    ({ body }, reply) => reply.status(201).send(found(stage, body)),
  );
  app.get('/groups', { schema: { summary: 'All groups and communities', tags } }, () => ({
    items: [...stage.current.groupService.groups.all].map(groupSummary),
  }));
  app.get<{ Params: Jid }>('/groups/:jid', { schema: { summary: 'A group with its people', tags } }, ({ params }) =>
    groupDescription(groupIn(stage, params.jid)),
  );
  app.patch<{ Params: Jid; Body: GroupChange }>(
    '/groups/:jid',
    { schema: { summary: 'Do something in a group as one of its members', tags, body: changeSchema } },
    ({ params, body }) => change(stage, groupIn(stage, params.jid), body),
  );
  app.delete<{ Params: Jid }>(
    '/groups/:jid',
    { schema: { summary: 'Remove everybody from a group, or end a community', tags } },
    ({ params }, reply) => {
      end(stage, groupIn(stage, params.jid));
      return reply.status(204).send();
    },
  );
  joinRoutes(app, stage);
}

function joinRoutes(app: FastifyInstance, stage: Stage): void {
  const body = strictObject({ pn: pnSchema }, ['pn']);
  app.post<{ Params: Jid; Body: { pn: string } }>(
    '/groups/:jid/join-requests',
    { schema: { summary: 'Follow the invitation link of a group', tags, body } },
    ({ params, body: { pn } }, reply) => {
      const person = stage.account(pn);
      const isMember = asPerson('group', () =>
        stage.current.groupService.invitations.enter(groupIn(stage, params.jid), person),
      );
      return reply.status(201).send({ pn, state: isMember ? 'member' : 'waiting' });
    },
  );
  app.delete<{ Params: Jid & { pn: string } }>(
    '/groups/:jid/join-requests/:pn',
    { schema: { summary: 'Take the request to join back', tags } },
    ({ params }, reply) => {
      const person = stage.account(params.pn);
      if (!stage.current.groupService.waitingRoom.leave(groupIn(stage, params.jid), person, person))
        throw new Problem(404, 'join-request.unknown', `${params.pn} does not wait for anything there.`);
      return reply.status(204).send();
    },
  );
}

function found(stage: Stage, order: GroupOrder) {
  const { subject, owner, members = [], admins = [], addressing, community } = order;
  const { founding, membership } = stage.current.groupService;
  const founder = stage.account(owner);
  const parent = community === undefined ? undefined : groupIn(stage, community);
  return asPerson('group', () => {
    GroupProfile.checkDescription(order.description);
    const invited = addressesOf(stage, [...new Set([...members, ...admins])]);
    const plan = { subject, people: invited, addressing, community: parent };
    const { group, outcomes } = founding.group(founder, plan);
    if (admins.length > 0) membership.change('promote', group, founder, addressesOf(stage, admins));
    present(stage, group, founder, { ...order, subject: undefined });
    return { ...groupDescription(group), ...outcomeSummary(outcomes) };
  });
}

function change(stage: Stage, group: Group, order: GroupChange) {
  const { membership, requests, invitations } = stage.current.groupService;
  const actor = stage.account(order.by);
  return asPerson('group', () => {
    check(stage, group, actor, order);
    present(stage, group, actor, order);
    if (order.renewInvite) invitations.renew(group, actor);
    const outcomes = memberChanges.flatMap((kind) => {
      const jids = addressesOf(stage, order[kind]);
      return jids.length > 0 ? membership.change(kind, group, actor, jids) : [];
    });
    for (const decision of decisions)
      if (order[decision])
        outcomes.push(...requests.decide(decision, group, actor, addressesOf(stage, order[decision])));
    return { ...groupDescription(group), ...outcomeSummary(outcomes) };
  });
}

/** Refuses what any part of the order would be refused for, so that a refused order changes nothing. */
function check(stage: Stage, group: Group, actor: Account, order: GroupChange): void {
  const { subject, description, disappearingSeconds, add = [], remove = [] } = order;
  for (const kind of [...memberChanges, ...decisions]) addressesOf(stage, order[kind]);
  if (subject !== undefined) GroupProfile.checkSubject(subject);
  GroupProfile.checkDescription(description);
  demandMember(group, actor);
  if ([subject, description, disappearingSeconds].some((part) => part !== undefined)) demandEditor(group, actor);
  const removesOthers = remove.some((pn) => pn !== actor.pn);
  const addsAsAdmin = add.length > 0 && group.settings.memberAddMode === 'admin_add';
  if (removesOthers || addsAsAdmin || forAdmins.some((part) => order[part] !== undefined)) demandAdmin(group, actor);
}

function present(
  stage: Stage,
  group: Group,
  actor: Account,
  { subject, description, ...order }: Appearance | (Omit<Appearance, 'subject'> & { subject: undefined }),
): void {
  const { profile } = stage.current.groupService;
  if (subject !== undefined) profile.rename(group, actor, subject);
  if (description !== undefined) {
    const id = stage.current.seed.messageId(actor.pn);
    profile.describe(group, actor, { id, text: description || undefined, prev: group.description?.id });
  }
  for (const setting of settings) {
    const value = order[setting];
    if (value !== undefined) profile.set(group, actor, setting, value);
  }
}

function end(stage: Stage, group: Group): void {
  const { communities, membership } = stage.current.groupService;
  const [actor = group.founder] = group.admins;
  asPerson('group', () => {
    if (group.kind === 'announcements')
      throw new Problem(409, 'group.conflict', 'The announcements end with their community.');
    if (group.kind === 'community') communities.deactivate(group, actor);
    else membership.dismiss(group, [...group.members.keys()], actor);
  });
}

function addressesOf(stage: Stage, pns: string[] = []): string[] {
  return pns.map((pn) => userJid('pn', stage.account(pn).pn));
}
