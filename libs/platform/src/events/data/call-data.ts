import { an, flag, Has, orNull, text, time } from './schema.js';
import { WaPerson } from './wa-person.js';

export class CallData {
  @Has(text, "WhatsApp's id of the call.") callId: string;
  @Has(text, 'The person or group that the call is with.') chatId: string;
  @Has(an(WaPerson)) caller: WaPerson;
  @Has(flag) isVideo: boolean;
  @Has(orNull(text), 'Of a call in a group.') groupId: string | null;
  @Has(orNull(an(WaPerson)), 'Who did this; null when WhatsApp does not tell.') by: WaPerson | null;
  @Has(flag, 'This account did it, on whichever device.') fromMe: boolean;
  @Has(time) at: string;
}
