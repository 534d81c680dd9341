import type { Account } from '../world/account.js';
import { IqError } from '../world/refusal.js';
import type { Group } from './group.js';

/** The service's refusals in group matters. */
export const refusals = {
  badRequest: () => new IqError(400, 'bad-request'),
  notAuthorized: () => new IqError(401, 'not-authorized'),
  forbidden: () => new IqError(403, 'forbidden'),
  notFound: () => new IqError(404, 'item-not-found'),
  notAcceptable: () => new IqError(406, 'not-acceptable'),
  conflict: () => new IqError(409, 'conflict'),
  gone: () => new IqError(410, 'gone'),
  full: () => new IqError(419, 'resource-limit'),
};

/** How many people a group holds. */
export const MAX_MEMBERS = 1024;

/** Refuses who is not in the group. */
export function demandMember(group: Group, actor: Account): void {
  if (!group.members.has(actor)) throw refusals.forbidden();
}

/** Refuses who is not an admin of the group. */
export function demandAdmin(group: Group, actor: Account): void {
  if (!group.isAdmin(actor)) throw refusals.forbidden();
}

/** Refuses who may not change how the group presents itself. */
export function demandEditor(group: Group, actor: Account): void {
  demandMember(group, actor);
  if (group.settings.locked) demandAdmin(group, actor);
}
