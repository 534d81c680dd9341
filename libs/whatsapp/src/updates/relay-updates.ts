import type { BaileysEventEmitter, BaileysEventMap } from '@whiskeysockets/baileys';
import { readChatUpdates, readGroups, readPresence } from './chats.js';
import { readCapUpdate, readLockUpdate } from './account-limits.js';
import { readIdentities } from './identities.js';
import { readUnreadable } from './undecryptable.js';
import type { WaUpdate } from './wa-update.js';

type Reader<Payload> = (payload: Payload) => WaUpdate | null;
type Readers = { [E in keyof BaileysEventMap]?: Reader<BaileysEventMap[E]> };

/**
 * Which of Baileys' events say what; null means nothing that anybody needs to know. An event is lost in a crash: what must
 * not be is read from the journal, or from the log of the settings (api/app-state.ts).
 */
const readers: Readers = {
  'lid-mapping.update': readIdentities,
  'chats.update': readChatUpdates,
  'groups.upsert': readGroups,
  'groups.update': readGroups,
  'presence.update': readPresence,
  'connection.update': readLockUpdate,
  'message-capping.update': readCapUpdate,
  'messages.upsert': readUnreadable,
};

/** Passes on what WhatsApp tells beside messages. `onUpdate` must not throw: in an event handler that would end the process. */
export function relayUpdates(ev: BaileysEventEmitter, onUpdate: (update: WaUpdate) => void): void {
  for (const event of Object.keys(readers) as (keyof BaileysEventMap)[]) {
    const read = readers[event] as Reader<unknown>;
    ev.on(event, (payload) => {
      const update = read(payload);
      if (update) onUpdate(update);
    });
  }
}
