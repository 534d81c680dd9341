import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { identityOf } from '../map/jid.js';
import type { WaUpdate } from './wa-update.js';

/** A pair that Baileys has just learnt. */
export function readIdentities({ lid, pn }: BaileysEventMap['lid-mapping.update']): WaUpdate | null {
  const identity = identityOf(lid, pn);
  if (!identity.lid || !identity.phone) return null;
  return { kind: 'identities', pairs: [{ lid: identity.lid, phone: identity.phone }] };
}
