import type { proto } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import { numberOf } from '../map/numbers.js';
import type { SettingEntry } from './settings.js';

/** A label of the account as it is now. */
export interface LabelSetting {
  kind: 'label';
  labelId: string;
  name: string;
  color: number;
  isDeleted: boolean;
  at: Date;
}

/** A label was put on a chat or a message, or taken off. */
export interface LabelAssignmentSetting {
  kind: 'assignment';
  labelId: string;
  chatId: string;
  /** Null when it is about the chat. */
  messageId: string | null;
  isAssigned: boolean;
  at: Date;
}

/** What an entry says about labels; null when it is about something else. */
export function readLabelSetting({ index, value }: SettingEntry): LabelSetting | LabelAssignmentSetting | null {
  const [type, labelId = '', jid = '', messageId = null] = index;
  const at = new Date(numberOf(value.timestamp) ?? Date.now());
  const { labelEditAction: edit, labelAssociationAction: association } = value;
  if (type === 'label_edit' && edit) return { kind: 'label', labelId, ...lookOf(edit), at };
  if (!association || (type !== 'label_jid' && type !== 'label_message')) return null;
  const about = { labelId, chatId: toWaId(jid), messageId: type === 'label_message' ? messageId : null };
  return { kind: 'assignment', ...about, isAssigned: association.labeled === true, at };
}

const lookOf = ({ name, color, deleted }: proto.SyncActionValue.ILabelEditAction) => ({
  name: name ?? '',
  color: color ?? 0,
  isDeleted: deleted === true,
});
