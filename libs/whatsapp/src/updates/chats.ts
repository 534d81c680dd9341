import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import { numberOf } from '../map/numbers.js';
import type { ChatSetting } from './settings.js';
import type { WaUpdate } from './wa-update.js';

const nothing = () => Promise.resolve();
const settings = (found: ChatSetting[]): WaUpdate | null =>
  found.length ? { kind: 'settings', chats: found, contacts: [], labels: [], stored: nothing } : null;

/** What messages say about a chat; the account's own settings come with their log (api/app-state.ts). */
export function readChatUpdates(updates: BaileysEventMap['chats.update']): WaUpdate | null {
  return settings(
    updates.flatMap(({ id, ephemeralSettingTimestamp, ephemeralExpiration, readOnly, name }) => {
      const said = {
        ...(ephemeralSettingTimestamp && { disappearingSeconds: numberOf(ephemeralExpiration) ?? 0 }),
        ...(typeof readOnly === 'boolean' && { isReadOnly: readOnly }),
        ...(name && { name }),
      };
      return id && Object.keys(said).length ? [{ chatId: toWaId(id), ...said }] : [];
    }),
  );
}

/** Names and timers of groups. */
export function readGroups(
  groups: BaileysEventMap['groups.upsert'] | BaileysEventMap['groups.update'],
): WaUpdate | null {
  return settings(
    groups.flatMap(({ id, subject, ephemeralDuration }) => {
      const said = {
        ...(subject && { name: subject }),
        ...(ephemeralDuration !== undefined && { disappearingSeconds: Number(ephemeralDuration) }),
      };
      return id && Object.keys(said).length ? [{ chatId: toWaId(id), ...said }] : [];
    }),
  );
}

/** Who is there, and who is typing. */
export function readPresence({ id, presences }: BaileysEventMap['presence.update']): WaUpdate | null {
  const [[jid, presence] = []] = Object.entries(presences);
  if (!jid || !presence) return null;
  const { lastKnownPresence, lastSeen } = presence;
  return {
    kind: 'presence',
    chatId: toWaId(id),
    personId: toWaId(jid),
    state: lastKnownPresence,
    lastSeenAt: lastSeen ? new Date(lastSeen * 1000) : null,
  };
}
