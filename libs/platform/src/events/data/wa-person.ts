import { Has, orNull, text } from './schema.js';

/** Somebody on WhatsApp, under every address that is known. */
export class WaPerson {
  @Has(text) waId: string;
  @Has(orNull(text)) phone: string | null;
  @Has(orNull(text)) lid: string | null;
  @Has(orNull(text)) name: string | null;
}
