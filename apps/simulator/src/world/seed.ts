import { createHash } from 'node:crypto';

/** Numbers and ids that follow from one text, so that two runs with the same seed look the same. */
export class Seed {
  /** Where each stream of numbers stands, and how many ids were given out, per purpose: one must not shift another. */
  private readonly streams = new Map<string, number>();
  private readonly issued = new Map<string, number>();

  constructor(readonly text: string) {}

  /** The next number in [0, 1) of the stream for a purpose. */
  random(purpose: string): number {
    // mulberry32: small, fast and good enough for fault probabilities and padding.
    const before = this.streams.get(purpose) ?? this.digest(`stream ${purpose}`).readUInt32BE(0);
    const state = (before + 0x6d2b79f5) | 0;
    this.streams.set(purpose, state);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** The next id of a sender, made like the ones phones give to messages. */
  messageId(sender = 'service'): string {
    return `3A${this.digest(this.numbered(`message ${sender}`))
      .toString('hex')
      .slice(0, 18)
      .toUpperCase()}`;
  }

  /** A long number that tells nothing, for what has no name of its own: files, pictures. */
  opaqueId(purpose: string): string {
    return this.digest(this.numbered(purpose)).readBigUInt64BE(0).toString();
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

  private numbered(purpose: string): string {
    const number = this.issued.get(purpose) ?? 0;
    this.issued.set(purpose, number + 1);
    return `${purpose} ${number}`;
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
