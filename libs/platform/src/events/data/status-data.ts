import { an, Has, text, time } from './schema.js';
import { WaPerson } from './wa-person.js';

export class StatusViewedData {
  @Has(text, 'Of the status.') id: string;
  @Has(text, "WhatsApp's own id of it.") messageId: string;
  @Has(text) chatId: string;
  @Has(an(WaPerson)) viewer: WaPerson;
  @Has(time) at: string;
}
