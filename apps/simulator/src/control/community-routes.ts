import type { FastifyInstance } from 'fastify';
import type { Family } from '../wire/jid.js';
import { asPerson } from './as-person.js';
import { groupDescription, groupIn, groupSummary, outcomeSummary } from './group-view.js';
import { familySchema, flag, groupSchema, pnSchema, strictObject } from './schemas.js';
import type { Stage } from './stage.js';

interface CommunityOrder {
  subject: string;
  owner: string;
  members?: string[];
  description?: string;
  addressing?: Family;
  generalChat?: boolean;
  openToNewGroups?: boolean;
}

const tags = ['communities'];
const word = { type: 'string', minLength: 1, maxLength: 10_000 };
const orderSchema = strictObject(
  {
    subject: word,
    owner: pnSchema,
    members: { type: 'array', items: pnSchema, maxItems: 5_000 },
    description: word,
    addressing: familySchema,
    generalChat: flag,
    openToNewGroups: flag,
  },
  ['subject', 'owner'],
);

/** Communities: founding them, and which groups belong to them. Otherwise they are groups. */
export function communityRoutes(app: FastifyInstance, stage: Stage): void {
  app.post<{ Body: CommunityOrder }>(
    '/communities',
    { schema: { summary: 'Found a community', tags, body: orderSchema } },
    ({ body }, reply) => reply.status(201).send(found(stage, body)),
  );
  app.get<{ Params: { jid: string } }>(
    '/communities/:jid/groups',
    { schema: { summary: 'The groups of a community', tags } },
    ({ params }) => ({
      items: stage.current.groupService.groups.within(groupIn(stage, params.jid)).map(groupSummary),
    }),
  );
  const linkSchema = strictObject({ by: pnSchema, group: groupSchema }, ['by', 'group']);
  app.post<{ Params: { jid: string }; Body: { by: string; group: string } }>(
    '/communities/:jid/groups',
    { schema: { summary: 'Make a group a part of a community', tags, body: linkSchema } },
    ({ params, body }, reply) => {
      const [community, group] = [groupIn(stage, params.jid), groupIn(stage, body.group)];
      asPerson('group', () => stage.current.groupService.communities.link(community, stage.account(body.by), [group]));
      return reply.status(201).send(groupSummary(group));
    },
  );
  app.delete<{ Params: { jid: string; group: string }; Querystring: { by: string } }>(
    '/communities/:jid/groups/:group',
    {
      schema: {
        summary: 'Take a group out of a community',
        tags,
        querystring: strictObject({ by: pnSchema }, ['by']),
      },
    },
    ({ params, query }, reply) => {
      const [community, group] = [groupIn(stage, params.jid), groupIn(stage, params.group)];
      asPerson('group', () => stage.current.groupService.communities.unlink(community, stage.account(query.by), group));
      return reply.status(204).send();
    },
  );
}

function found(stage: Stage, order: CommunityOrder) {
  const { subject, owner, description: text, addressing, generalChat = true, openToNewGroups = true } = order;
  const { groupService, seed } = stage.current;
  const founder = stage.account(owner);
  const members = (order.members ?? []).map((pn) => stage.account(pn).jid('pn'));
  const description = text === undefined ? undefined : { id: seed.messageId(owner), text };
  const plan = { subject, description, addressing, generalChat, openToNewGroups };
  const community = asPerson('group', () => groupService.founding.community(founder, plan));
  const outcomes = asPerson('group', () => groupService.membership.change('add', community, founder, members));
  return {
    ...groupDescription(community),
    ...outcomeSummary(outcomes),
    groups: groupService.groups.within(community).map(groupSummary),
  };
}
