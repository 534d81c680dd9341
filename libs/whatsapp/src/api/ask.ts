import type { BinaryNode, WASocket } from '@whiskeysockets/baileys';
import { asAppError, timedOut } from './failure.js';

/** Asks WhatsApp something. Baileys resolves with nothing when there is no answer in time. */
export async function ask<T>(question: Promise<T | undefined>): Promise<T> {
  const answer = await question.catch((error: unknown) => {
    throw asAppError(error);
  });
  if (answer === undefined) throw timedOut();
  return answer;
}

/** The same for what is answered by nothing when it is done. */
export async function tell(order: Promise<void>): Promise<void> {
  await ask(order.then(() => true));
}

/** Asks with a stanza of our own making. */
export const askNode = (socket: WASocket, node: BinaryNode): Promise<BinaryNode> =>
  ask(socket.query(node) as Promise<BinaryNode | undefined>);
