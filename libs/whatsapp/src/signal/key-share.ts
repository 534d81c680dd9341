import type { AuthenticationCreds, SignalDataSet } from '@whiskeysockets/baileys';
import { identityOf } from '../map/jid.js';
import { readPeerMessage } from '../map/peer-message.js';
import type { JournalEntry } from './stanza-journal.js';

/** Keys of the settings of the account. */
interface KeyShare {
  keys: NonNullable<SignalDataSet['app-state-sync-key']>;
  /** The one to write with. */
  newestId: string;
}

/**
 * The keys that the phone shares with this device; null when the stanza brings none. Baileys stores them after it has
 * confirmed the stanza, and the phone shares them once.
 */
export function readKeyShare(entry: JournalEntry, { me }: Pick<AuthenticationCreds, 'me'>): KeyShare | null {
  const { phone, lid } = identityOf(me?.id, me?.lid);
  const shared = readPeerMessage(entry, { waId: phone ?? '', lid })?.appStateSyncKeyShare?.keys ?? [];
  const keys = shared.flatMap(({ keyId, keyData }) =>
    keyId?.keyId && keyData ? [[Buffer.from(keyId.keyId).toString('base64'), keyData] as const] : [],
  );
  const newest = keys.at(-1);
  return newest ? { keys: Object.fromEntries(keys), newestId: newest[0] } : null;
}
