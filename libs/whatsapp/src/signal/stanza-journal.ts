import { createHash } from 'node:crypto';
import { type BinaryNode, BufferJSON } from '@whiskeysockets/baileys';
import type { KeyRing } from '@app/platform/secrets/key-ring.js';
import type { DataSource } from 'typeorm';
import type { JournalRow } from '../auth/state-writer.js';

/** A decrypted `enc` of an inbound stanza: its attributes and the plaintext, still padded. */
export interface JournalEntry {
  key: string;
  attrs: Record<string, string>;
  plaintext: Buffer;
}

/** Begins the keys of entries that hold a whole stanza instead of a message. */
const NOTICE = 'notice';

/** Whether a journalled stanza is no message, but tells of something that happened. */
export const isNotice = ({ key }: Pick<JournalEntry, 'key'>): boolean => key.startsWith(`${NOTICE} `);

interface Origin {
  key: string;
  attrs: Record<string, string>;
}

interface Journalled {
  entry: JournalEntry;
  row: JournalRow;
}

/** Ties ciphertexts to the stanzas that brought them, and makes and reads the journal rows of one session. */
export class StanzaJournal {
  /** Baileys decrypts the very buffer of the node, after at least one await: the note is there in time. */
  private readonly origins = new WeakMap<Uint8Array, Origin>();

  constructor(
    private readonly sessionId: string,
    private readonly database: DataSource,
    private readonly ring: KeyRing,
  ) {}

  /** Notes every ciphertext of a `<message>` stanza. */
  note({ attrs, content }: BinaryNode): void {
    if (!Array.isArray(content)) return;
    const ciphertexts = content.filter(({ tag, content: body }) => tag === 'enc' && body instanceof Uint8Array);
    ciphertexts.forEach(({ content: body }, index) => {
      // A repeat is the same to the byte; a retry of the sender brings other content under the same id.
      const key = [attrs.from, attrs.participant ?? '', attrs.id, index, digestOf(body as Uint8Array)].join(' ');
      this.origins.set(body as Uint8Array, { key, attrs });
    });
  }

  /** The entry and its row for a ciphertext that was just decrypted; null for one that no stanza brought. */
  entry(ciphertext: Uint8Array, plaintext: Uint8Array): Journalled | null {
    const origin = this.origins.get(ciphertext);
    return origin ? this.made({ ...origin, plaintext: Buffer.from(plaintext) }) : null;
  }

  /** The entry and its row for a stanza that is not encrypted; null when it says nothing. */
  plain(attrs: Record<string, string>, content: Uint8Array): Journalled | null {
    // Whoever deletes a post says nothing else.
    if (!content.length && !attrs.edit) return null;
    const key = [attrs.from, '', attrs.id, `plain${attrs.edit ?? ''}`, digestOf(content)].join(' ');
    // Padded like what was encrypted, so that all entries are read alike.
    return this.made({ key, attrs, plaintext: Buffer.concat([content, Buffer.of(1)]) });
  }

  /** The entry and its row for a stanza that is no message, kept as a whole. */
  notice(node: BinaryNode): Journalled {
    const plaintext = Buffer.from(JSON.stringify(node, BufferJSON.replacer));
    const { tag, attrs, content } = node;
    // What was queued while we were away comes with other attributes than live.
    const digest = digestOf(Buffer.from(JSON.stringify(content ?? null, BufferJSON.replacer)));
    return this.made({
      key: [NOTICE, tag, attrs.from, attrs.participant ?? '', attrs.id, digest].join(' '),
      attrs,
      plaintext,
    });
  }

  private made(entry: JournalEntry): Journalled {
    const { key, attrs, plaintext } = entry;
    const json = JSON.stringify({ attrs, plaintext: plaintext.toString('base64') });
    const sealed = this.ring.seal(Buffer.from(json), this.context(key));
    return { entry, row: { key, messageId: attrs.id ?? '', sealed } };
  }

  /** The plaintext of a stanza that was decrypted before: its ratchet step is spent, a second decryption can't work. */
  async plaintextOf(ciphertext: Uint8Array): Promise<Buffer | null> {
    const origin = this.origins.get(ciphertext);
    if (!origin) return null;
    const rows: { sealed: Buffer }[] = await this.database.query(
      'SELECT sealed FROM inbound_journal WHERE session_id = $1 AND key = $2',
      [this.sessionId, origin.key],
    );
    return rows[0] ? this.read(origin.key, rows[0].sealed).plaintext : null;
  }

  /** What was committed but never processed, oldest first: the work that a crash left behind. */
  async unprocessed(): Promise<JournalEntry[]> {
    const rows: { key: string; sealed: Buffer }[] = await this.database.query(
      'SELECT key, sealed FROM inbound_journal WHERE session_id = $1 AND processed_at IS NULL ORDER BY position',
      [this.sessionId],
    );
    return rows.map(({ key, sealed }) => this.read(key, sealed));
  }

  private read(key: string, sealed: Buffer): JournalEntry {
    const json = JSON.parse(this.ring.open(sealed, this.context(key)).toString()) as Omit<Origin, 'key'> & {
      plaintext: string;
    };
    return { key, attrs: json.attrs, plaintext: Buffer.from(json.plaintext, 'base64') };
  }

  private context(key: string): string {
    return `journal:${this.sessionId}:${key}`;
  }
}

const digestOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('base64url').slice(0, 16);
