/** A LID and the phone number of the same person, both in neutral form. */
export interface IdentityPair {
  lid: string;
  phone: string;
}

/** What WhatsApp tells beside messages, receipts and acks; one file of this folder reads each kind. */
export type WaUpdate = { kind: 'identities'; pairs: IdentityPair[] };
