interface SessionEntry {
  indexInfo: { closed: number; used: number };
  _chains: Record<string, unknown>;
}
export interface StoredRecord {
  _sessions: Record<string, SessionEntry>;
  version: string;
}

const CLOSED_SESSIONS_KEPT = 40;

/**
 * Shows libsignal one Signal session of a record at a time while it decrypts. Left alone it tries a message of an older
 * session on the newest one first, steps that ratchet before it checks the MAC, and stores the damage.
 */
export class OneSessionView {
  private hidden: Record<string, SessionEntry> = {};
  private candidates: string[] | null = null;

  constructor(private readonly chainId: string | null) {}

  /** A view for a ciphertext of type `msg`, whose first protobuf field is the sender's ratchet key (33 bytes). */
  static of(ciphertext: Uint8Array): OneSessionView {
    const hasKey = ciphertext[1] === 0x0a && ciphertext[2] === 33;
    return new OneSessionView(hasKey ? Buffer.from(ciphertext.subarray(3, 36)).toString('base64') : null);
  }

  /** The record with the candidate whose turn it is, and no other. */
  show(record: StoredRecord): StoredRecord {
    this.candidates ??= this.order(record);
    const candidate = this.candidates[0];
    const shown = candidate === undefined ? undefined : record._sessions[candidate];
    if (candidate === undefined || !shown) return record;
    this.hidden = { ...record._sessions };
    delete this.hidden[candidate];
    return { ...record, _sessions: { [candidate]: shown } };
  }

  /** What to store: libsignal's result with the hidden sessions put back. */
  merge(written: StoredRecord): StoredRecord {
    if (!Object.keys(this.hidden).length) return written;
    return { ...written, _sessions: prune({ ...this.hidden, ...written._sessions }) };
  }

  /** Turns to the next candidate; false when there is none. */
  next(): boolean {
    this.candidates?.shift();
    this.hidden = {};
    return Boolean(this.candidates?.length);
  }

  private order({ _sessions }: StoredRecord): string[] {
    const holdsChain = ({ _chains }: SessionEntry) => (this.chainId !== null && this.chainId in _chains ? 1 : 0);
    return Object.entries(_sessions)
      .sort(([, a], [, b]) => holdsChain(b) - holdsChain(a) || (b.indexInfo.used || 0) - (a.indexInfo.used || 0))
      .map(([id]) => id);
  }
}

/** libsignal's own limit, which it can't apply to sessions that it does not see. */
function prune(sessions: Record<string, SessionEntry>): Record<string, SessionEntry> {
  const closed = Object.entries(sessions)
    .filter(([, { indexInfo }]) => indexInfo.closed !== -1)
    .sort(([, a], [, b]) => a.indexInfo.closed - b.indexInfo.closed);
  for (const [id] of closed.slice(0, Math.max(0, closed.length - CLOSED_SESSIONS_KEPT))) delete sessions[id];
  return sessions;
}
