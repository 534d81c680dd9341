import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Agent } from 'undici';

/** How to speak TLS with one server; all PEM. */
export interface OutboundTls {
  /** The authority to believe, in place of the well-known ones. */
  ca?: string;
  /** Who we are, with what leads to the authority. */
  certificate?: string;
  key?: string;
}

const MOST_AGENTS = 100;

/** Connections by the TLS settings that they were made with: they are never shared between different ones. */
export class TlsAgents {
  private readonly kept = new LRUCache<string, Agent>({ max: MOST_AGENTS, dispose: (agent) => void agent.close() });

  constructor(private readonly make: (tls: OutboundTls) => Agent) {}

  of(tls: OutboundTls): Agent {
    const name = createHash('sha256')
      .update(JSON.stringify([tls.ca, tls.certificate, tls.key]))
      .digest('base64');
    const known = this.kept.get(name);
    if (known) return known;
    const made = this.make(tls);
    this.kept.set(name, made);
    return made;
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.kept.values()].map((agent) => agent.destroy()));
  }
}
