import type { MemberChange, RequestDecision } from '@app/whatsapp/api/group-members.js';
import type { MemberOutcome as WaOutcome, PersonalInvite } from '@app/whatsapp/groups/group-snapshot.js';
import { isSamePerson } from './group-members.js';
import type { GroupPerson } from './group-people.service.js';

/** What became of one person. */
export interface MemberOutcome {
  person: GroupPerson;
  isDone: boolean;
  /** Why not. */
  code: string | null;
  detail: string | null;
  /** With it the person can join all the same. */
  invite: SentInvite | null;
}

/** An invitation for one person, and the message that brought it. */
export interface SentInvite extends PersonalInvite {
  messageId: string | null;
}

type Reason = [code: string, detail: string];
export type MemberOrder = MemberChange | RequestDecision | 'withdraw';

const already: Partial<Record<MemberOrder, Reason>> = {
  add: ['participant.already-in-group', 'The person is in the group already.'],
  promote: ['participant.already-admin', 'The person is an admin already.'],
  demote: ['participant.not-an-admin', 'The person is no admin.'],
};

const unknown: Partial<Record<MemberOrder, Reason>> = {
  add: ['participant.not-on-whatsapp', 'This number is not on WhatsApp.'],
  approve: ['participant.not-waiting', 'The person does not ask to join.'],
  reject: ['participant.not-waiting', 'The person does not ask to join.'],
  withdraw: ['participant.not-invited', 'There is no invitation for this person.'],
};

const notThere: Reason = ['participant.not-in-group', 'The person is not in the group.'];

const reasons: Record<number, Reason> = {
  401: ['participant.blocks-account', 'The person has blocked the account.'],
  403: ['participant.needs-invitation', 'The person lets nobody add them; an invitation helps.'],
  406: ['participant.is-founder', 'Nothing of that can be done with the founder of the group.'],
  408: ['participant.left-recently', 'The person has left the group a short while ago; an invitation helps.'],
  463: ['participant.out-of-reach', 'WhatsApp holds the account back from people who never wrote to it.'],
  419: ['group.full', 'The group holds no more people.'],
};

function reasonOf(order: MemberOrder, refusal: number): Reason {
  const known = refusal === 409 ? already[order] : refusal === 404 ? (unknown[order] ?? notThere) : reasons[refusal];
  return known ?? ['participant.refused', `WhatsApp refused it with its code ${refusal}.`];
}

/** The outcome in our words; nothing said of a person means that it is done. */
export function outcomeFor(order: MemberOrder, person: GroupPerson, outcomes: WaOutcome[]): MemberOutcome {
  const said = outcomes.find((outcome) => isSamePerson(outcome, person));
  const known = { ...person, phone: person.phone ?? said?.phone ?? null, lid: person.lid ?? said?.lid ?? null };
  const refusal = said?.refusal ?? null;
  if (refusal === null) return { person: known, isDone: true, code: null, detail: null, invite: null };
  const [code, detail] = reasonOf(order, refusal);
  const invite = said?.invite ? { ...said.invite, messageId: null } : null;
  return { person: known, isDone: false, code, detail, invite };
}
