import { type BinaryNode, getBinaryNodeChild, type WASocket } from '@whiskeysockets/baileys';
import { AppError, conflict } from '@app/platform/errors/app-error.js';
import { readGroup } from '../groups/read-group.js';
import type { GroupSnapshot } from '../groups/group-snapshot.js';
import { ask } from './ask.js';
import { asAppError, refusalOf, timedOut } from './failure.js';

/** Asks for, or orders, something of a group; `@g.us` stands for all of them. */
export function queryGroup(
  socket: WASocket,
  type: 'get' | 'set',
  to: string,
  content: BinaryNode,
): Promise<BinaryNode> {
  return askGroup(socket.query({ tag: 'iq', attrs: { type, xmlns: 'w:g2', to }, content: [content] }));
}

/** The same by a function of Baileys. */
export const askGroup = <T>(question: Promise<T | undefined>): Promise<T> =>
  ask(
    question.catch((error: unknown) => {
      throw groupFailure(error);
    }),
  );

/** Nodes for people. */
export const participants = (jids: string[]): BinaryNode[] =>
  jids.map((jid) => ({ tag: 'participant', attrs: { jid } }));

/** The group in an answer. */
export function groupIn(answer: BinaryNode): GroupSnapshot {
  const group = getBinaryNodeChild(answer, 'group');
  if (!group?.attrs.id) throw timedOut();
  return readGroup(group);
}

function groupFailure(error: unknown): AppError {
  const code = refusalOf(error);
  const extra = { cause: error };
  if (code === 401 || code === 403)
    return new AppError('forbidden', 'group.forbidden', 'WhatsApp does not let the account do that.', extra);
  if (code === 404) return new AppError('not-found', 'group.not-found', 'WhatsApp knows no such group.', extra);
  if (code === 406 || code === 400) return conflict('group.refused', 'WhatsApp does not accept that for this group.');
  if (code === 409) return conflict('group.conflict', 'It is so already, or somebody else changed it just now.');
  if (code === 410)
    return new AppError('gone', 'invite.expired', 'The invitation has been replaced or is over.', extra);
  if (code === 419) return conflict('group.full', 'The group holds no more people.');
  return asAppError(error);
}
