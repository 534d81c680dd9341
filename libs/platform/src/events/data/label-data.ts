import { flag, Has, integer, orNull, text, time } from './schema.js';

export class LabelEditedData {
  @Has(text) labelId: string;
  @Has(text) name: string;
  @Has(integer, "One of WhatsApp's twenty, from 0.") color: number;
  @Has(flag) isDeleted: boolean;
  @Has(time) at: string;
}

export class LabelAssignmentData {
  @Has(text) labelId: string;
  @Has(text) chatId: string;
  @Has(orNull(text), "WhatsApp's id of the message; null when it is about the chat.") messageId: string | null;
  @Has(time) at: string;
}
