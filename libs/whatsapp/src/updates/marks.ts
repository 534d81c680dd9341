import { toWaId } from '../map/jid.js';
import type { SettingEntry } from './settings.js';
import type { MessageMark } from './wa-update.js';

/** What an entry of the settings says about a single message: a star, or that it is deleted; null when about something else. */
export function readMessageMark({ index, value }: SettingEntry): MessageMark | null {
  const [type, jid, messageId, own] = index;
  if (!jid || !messageId) return null;
  const mark = { chatId: toWaId(jid), messageId, fromMe: own === '1' };
  if (type === 'star') return { ...mark, action: { kind: 'star', isStarred: value.starAction?.starred ?? false } };
  if (type === 'deleteMessageForMe') return { ...mark, action: { kind: 'delete' } };
  return null;
}
