import type { BaileysEventMap } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import type { ChatSetting } from './settings.js';
import type { WaUpdate } from './wa-update.js';

/** Nothing brings them back after a crash but the next look at the group. */
const settings = (found: ChatSetting[]): WaUpdate | null =>
  found.length
    ? { kind: 'settings', chats: found, contacts: [], labels: [], marks: [], storing: () => undefined }
    : null;

/** What notices of groups say about a chat; timers are in the journal, the account's own settings in their log. */
export function readChatUpdates(updates: BaileysEventMap['chats.update']): WaUpdate | null {
  return settings(
    updates.flatMap(({ id, readOnly, name }) => {
      const said = {
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
