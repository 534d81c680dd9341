import { createHash } from 'node:crypto';

/** Numbers and ids that follow from one text, so that two runs with the same seed look the same. */
export class Seed {
  private state: number;
  private issued = 0;

  constructor(readonly text: string) {
    this.state = createHash('sha256').update(text).digest().readUInt32BE(0);
  }

  /** A number in [0, 1). */
  random(): number {
    // mulberry32: small, fast and good enough for fault probabilities and padding.
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** An id that looks like the ones phones give to messages. */
  messageId(): string {
    return `3A${this.digest(`message ${this.issued++}`).toString('hex').slice(0, 18).toUpperCase()}`;
  }

  /** A long number that tells nothing, for what has no name of its own: files, pictures. */
  opaqueId(purpose: string): string {
    return this.digest(`${purpose} ${this.issued++}`).readBigUInt64BE(0).toString();
  }

  /** The opaque id of the person with this phone number. */
  lidOf(pn: string): string {
    const number = this.digest(`lid ${pn}`).readBigUInt64BE(0) % 10n ** 14n;
    return `1${number.toString().padStart(14, '0')}`;
  }

  /** A believable name for the person with this phone number. */
  nameOf(pn: string): string {
    const bytes = this.digest(`name ${pn}`);
    const first = firstNames[(bytes[0] ?? 0) % firstNames.length] ?? '';
    return `${first} ${lastNames[(bytes[1] ?? 0) % lastNames.length] ?? ''}`;
  }

  /** A run of decimal digits, the same for the same purpose. */
  digits(purpose: string, length: number): string {
    const number = this.digest(`digits ${purpose}`).readBigUInt64BE(0) % 10n ** BigInt(length);
    return number.toString().padStart(length, '0');
  }

  /** A code as it ends an invitation link. */
  inviteCode(purpose: string): string {
    return this.digest(`invite ${purpose}`).toString('base64url').slice(0, 22);
  }

  /** Bytes nobody can guess from outside, the same ones for the same purpose. */
  bytes(purpose: string): Buffer {
    return this.digest(purpose);
  }

  private digest(purpose: string): Buffer {
    return createHash('sha256').update(`${this.text} ${purpose}`).digest();
  }
}

const firstNames = ['Ana', 'Budi', 'Chen', 'Dewi', 'Elif', 'Femi', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Kira', 'Luca'];
const lastNames = [
  'Abe',
  'Bauer',
  'Costa',
  'Diaz',
  'Eze',
  'Fonseca',
  'Gomez',
  'Hartono',
  'Ito',
  'Jensen',
  'Kaya',
  'Lim',
];
