import { getBinaryNodeChild, S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';
import { AppError } from '@app/platform/errors/app-error.js';
import { askNode } from './ask.js';

const PICTURES = 'w:profile:picture';

/** A picture at WhatsApp; its address works for a while. */
export interface FoundPicture {
  id: string;
  url: string;
}

/** The picture of the account itself, or of a group; null when there is none. Baileys' own function has none without an answer, too. */
export async function findPicture(
  socket: WASocket,
  jid: string,
  size: 'preview' | 'image',
): Promise<FoundPicture | null> {
  const picture = { tag: 'picture', attrs: { type: size, query: 'url' } };
  const attrs = { to: S_WHATSAPP_NET, target: jid, type: 'get', xmlns: PICTURES };
  try {
    const answer = await askNode(socket, { tag: 'iq', attrs, content: [picture] });
    const { id = '', url } = getBinaryNodeChild(answer, 'picture')?.attrs ?? {};
    return url ? { id, url } : null;
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not-found') return null;
    throw error;
  }
}

/**
 * Sets the picture of a group, or of the account itself; null removes it. It is a square JPEG of at most 640 pixels: Baileys
 * would draw it once more, and takes no answer for a good one. Answers the id of the picture.
 */
export async function setPicture(socket: WASocket, jpeg: Buffer | null, groupJid?: string): Promise<string | null> {
  const content = jpeg ? [{ tag: 'picture', attrs: { type: 'image' }, content: jpeg }] : undefined;
  const attrs = { to: S_WHATSAPP_NET, ...(groupJid && { target: groupJid }), type: 'set', xmlns: PICTURES };
  const answer = await askNode(socket, { tag: 'iq', attrs, content });
  return getBinaryNodeChild(answer, 'picture')?.attrs.id ?? null;
}
