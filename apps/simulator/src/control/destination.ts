import type { Destination } from '../contacts/letter.js';
import type { Phone } from '../contacts/phone.js';
import { STATUS } from '../messages/shared-chat.js';
import type { Family } from '../wire/jid.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import { Problem } from '../world/problem.js';
import { groupIn } from './group-view.js';
import type { Stage } from './stage.js';

/** Where a message goes, and how. */
export interface Route {
  to: string;
  family?: Family | undefined;
  /** Who sees a status; everybody with a linked client when not said. */
  viewers?: string[] | undefined;
}

/** The other side of a chat as records name it: the status has a short name as well. */
export const chatOf = (to: string): string => (to === 'status' ? STATUS : to);

const isPerson = (to: string): boolean => !chatOf(to).includes('@');

/** Finds the place a person of the control API wants to write to. */
export function destinationOf(stage: Stage, sender: Phone, { to, family, viewers }: Route): Destination {
  const { account } = sender;
  if (chatOf(to) === STATUS) return { kind: 'status', viewers: viewersOf(stage, account, viewers) };
  if (isPerson(to)) {
    const other = stage.account(to);
    return { kind: 'person', account: other, family: family ?? sender.familyFor(other) };
  }
  const group = groupIn(stage, to);
  if (!group.isOpenTo(account)) throw new Problem(403, 'group.forbidden', `${account.pn} may not write to ${to}.`);
  return { kind: 'group', group };
}

/** Which messages a receipt is for: `author` wrote them, where several people write. */
export interface Receipted {
  to: string;
  author?: string | undefined;
  family?: Family | undefined;
}

/** The address of a receipt, and in a chat of several people whom it concerns. */
export function receiptAddress(stage: Stage, { to, author, family = 'pn' }: Receipted): [string, string | undefined] {
  if (isPerson(to)) return [stage.account(to).jid(family), undefined];
  if (author === undefined) throw new Problem(400, 'request.invalid', 'Say who wrote the messages: "author".');
  const account = stage.account(author);
  if (chatOf(to) === STATUS) return [STATUS, account.jid('pn')];
  const group = groupIn(stage, to);
  return [group.jid, group.jidOf(account)];
}

function viewersOf(stage: Stage, author: Account, viewers: string[] | undefined): Account[] {
  if (viewers) return viewers.map((pn) => stage.account(pn));
  const hasClient = ({ devices }: Account) => [...devices.values()].some((device) => device instanceof Companion);
  return [...stage.current.directory.accounts].filter((account) => account !== author && hasClient(account));
}
