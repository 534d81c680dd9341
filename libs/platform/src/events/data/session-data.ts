import { sessionStatuses, type SessionStatus } from '@app/database/entities/session.entity.js';
import { an, Has, orNull, text, time, words } from './schema.js';
import { WaPerson } from './wa-person.js';

export class SessionStatusData {
  @Has(words(sessionStatuses)) status: SessionStatus;
  @Has(orNull(text)) reason: string | null;
  @Has(orNull(an(WaPerson)), 'The linked account; null until paired.') me: WaPerson | null;
}

export class SessionQrData {
  @Has(text, 'The text of the QR code.') qr: string;
  @Has(time) expiresAt: string;
}

export class SessionPairingCodeData {
  @Has(text, '`ABCD-EFGH`, to be typed on the phone.') code: string;
  @Has(orNull(time)) expiresAt: string | null;
}
