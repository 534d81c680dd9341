/** Different kinds that are told apart; clients can invent any number of them. */
const MAX_KINDS = 500;
const MAX_NAME = 100;

/** Plain counts by kind: what GET /metrics shows and tests assert on. */
export class Counters {
  private readonly stanzas = new Map<string, number>();
  private readonly unanswered = new Map<string, number>();
  private errors = 0;
  private lost = 0;

  stanza(direction: string, tag: string): void {
    increase(this.stanzas, `${direction} ${tag}`);
  }

  /** Something a client asked for that this simulator does not implement. */
  unknown(kind: string): void {
    increase(this.unanswered, kind);
  }

  error(): void {
    this.errors++;
  }

  /** A stanza that waited for a client behind too many others and was given up. */
  dropped(): void {
    this.lost++;
  }

  /** What nobody answered, most frequent first. */
  unansweredKinds(): { kind: string; count: number }[] {
    return [...this.unanswered].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
  }

  /** Prometheus text, with the given gauges in front. */
  render(gauges: Record<string, number>): string {
    const lines = Object.entries(gauges).map(([name, value]) => `simulator_${name} ${value}`);
    for (const [key, count] of this.stanzas) {
      const [direction = '', tag = ''] = key.split(' ', 2);
      lines.push(`simulator_stanzas_total{tag=${quoted(tag)},direction="${direction}"} ${count}`);
    }
    for (const [kind, count] of this.unanswered)
      lines.push(`simulator_unanswered_total{kind=${quoted(kind)}} ${count}`);
    lines.push(`simulator_errors_total ${this.errors}`, `simulator_dropped_stanzas_total ${this.lost}`);
    return `${lines.join('\n')}\n`;
  }
}

function increase(counts: Map<string, number>, name: string): void {
  const kind = name.slice(0, MAX_NAME);
  const key = counts.has(kind) || counts.size < MAX_KINDS ? kind : `${kind.split(' ', 1)[0]} other`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A label value as Prometheus wants it; JSON escapes the same three characters the same way. */
const quoted = (text: string): string => JSON.stringify(text);
