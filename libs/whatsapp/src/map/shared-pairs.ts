import { proto } from '@whiskeysockets/baileys';
import type { JournalEntry } from '../signal/stanza-journal.js';
import type { IdentityPair } from '../updates/wa-update.js';
import type { OwnAccount } from './jid.js';
import { readPeerMessage } from './peer-message.js';

/** Whose opaque ids the phone tells, all at once. */
export function readSharedPairs(entry: JournalEntry, own: OwnAccount): IdentityPair[] {
  const payload = readPeerMessage(entry, own)?.lidMigrationMappingSyncMessage?.encodedMappingPayload;
  if (!payload) return [];
  return proto.LIDMigrationMappingSyncPayload.decode(payload).pnToLidMappings.flatMap(
    ({ pn, latestLid, assignedLid }) => {
      const lid = latestLid?.toString() !== '0' ? (latestLid ?? assignedLid) : assignedLid;
      return pn && lid ? [{ lid: `${lid.toString()}@lid`, phone: pn.toString() }] : [];
    },
  );
}
