import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Destination } from '../contacts/letter.js';
import type { Phone } from '../contacts/phone.js';
import { Problem } from '../world/problem.js';

/** Lets somebody send a message and waits until it is out; what the network refuses is refused here as well. */
export async function post(phone: Phone, to: Destination, message: proto.IMessage, id: string): Promise<void> {
  const code = await phone.send(to, message, id);
  if (code === undefined) return;
  const reason = code === 'keys' ? 'the keys of the receiver are of no use' : `the network answered ${code}`;
  throw new Problem(409, 'message.refused', `The message ${id} was not sent: ${reason}.`);
}
