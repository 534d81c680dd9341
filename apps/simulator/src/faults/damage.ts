import { child, children, contentBytes } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { PublicPreKey } from '../world/account.js';
import { preKeyStanza } from '../world/key-stanzas.js';

const FROM_THE_END = 20;

/** The message with one bit of each ciphertext flipped: it can be taken apart but not be opened. */
export function corrupted(message: Stanza): Stanza {
  return mapCiphertexts(message, (enc) => {
    const bytes = Buffer.from(contentBytes(enc));
    // The first message of a session ends with numbers of keys that nobody checks. Before these, as at the end of every
    // other kind, come checksum and ciphertext.
    const position = Math.max(0, bytes.length - FROM_THE_END);
    bytes[position] = (bytes[position] ?? 0) ^ 1;
    return [{ ...enc, content: bytes }];
  });
}

/** The message without its ciphertexts: the receiver learns that there is one, and has to ask its phone for it. */
export function emptied(message: Stanza): Stanza {
  return mapCiphertexts(message, () => []);
}

/** The answer of the key server with used one-time keys instead of fresh ones, where any was used before. */
export function withUsedKeys(iq: Stanza, usedKeyOf: (jid: string) => PublicPreKey | undefined): Stanza {
  const renew = (user: Stanza): Stanza => {
    const used = usedKeyOf(user.attrs.jid ?? '');
    const content = children(user).map((node) => (node.tag === 'key' && used ? preKeyStanza(used) : node));
    return { ...user, content };
  };
  const list = child(iq, 'list');
  return list ? { ...iq, content: [{ ...list, content: children(list).map(renew) }] } : iq;
}

function mapCiphertexts(node: Stanza, change: (enc: Stanza) => Stanza[]): Stanza {
  const content = children(node).flatMap((inner) => {
    if (inner.tag === 'enc') return change(inner);
    const holdsMore = inner.tag === 'participants' || inner.tag === 'to';
    return holdsMore ? [mapCiphertexts(inner, change)] : [inner];
  });
  return { ...node, content };
}
