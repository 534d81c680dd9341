import type { WAMessage } from '@whiskeysockets/baileys';
import { eachOf, until } from '../run/until.js';
import type { Network } from '../run/simulator.js';
import { BareClient } from './bare-client.js';

export interface SendOrder {
  /** Account → who it writes to, in turn. */
  contacts: Record<string, string[]>;
  /** In all. */
  count: number;
  inFlight: number;
}

export interface SendResult {
  ms: number;
}

interface Member {
  client: BareClient;
  qr: string | null;
  opens: number;
}

const PAIRINGS_SIDE_BY_SIDE = 4;

/** Several accounts in one process, each a plain client. */
export class BareFleet {
  private readonly members = new Map<string, Member>();
  private acks = 0;
  private readonly refusals: string[] = [];
  private failure: Error | null = null;
  private target: string | null = null;

  constructor(private readonly network: Network) {}

  async pair(pns: string[]): Promise<void> {
    await eachOf(pns, PAIRINGS_SIDE_BY_SIDE, (pn) => this.link(pn));
  }

  /** Sends everything and waits for the server's acks. */
  async send({ contacts, count, inFlight }: SendOrder): Promise<SendResult> {
    const lines = Object.entries(contacts).map(([pn, people]) => ({ client: this.member(pn).client, people }));
    const wanted = this.acks + count;
    const started = performance.now();
    await eachOf(Array.from({ length: count }).fill(null), inFlight, async (_, index) => {
      const line = lines[index % lines.length];
      const person = line?.people[Math.floor(index / lines.length) % line.people.length];
      await line?.client.send(person ?? '', textOf(index));
    });
    await until('acks', () => (this.acks >= wanted || this.refusals.length > 0 ? true : null), { everyMs: 2 });
    const ms = performance.now() - started;
    if (this.refusals.length) throw new Error(`refused: ${this.refusals.join()}`);
    return { ms };
  }

  /** Posts every message that comes in to this URL. */
  forwardTo(url: string): void {
    this.target = url;
  }

  /** What came in so far was forwarded without an error. */
  assertForwarded(): void {
    if (this.failure) throw this.failure;
  }

  opens(): number {
    return [...this.members.values()].reduce((sum, { opens }) => sum + opens, 0);
  }

  /** Resolves with the time on the clock at which this many connections in all had been opened. */
  async reopened(opens: number): Promise<{ at: number }> {
    const at = await until('connections', () => (this.opens() >= opens ? Date.now() : null), { timeoutMs: 120_000 });
    return { at };
  }

  private async link(pn: string): Promise<void> {
    const member: Member = { client: undefined as never, qr: null, opens: 0 };
    member.client = new BareClient(this.network.socketUrl, {
      onQr: (qr) => (member.qr = qr),
      onOpen: () => member.opens++,
      onAck: (error) => {
        this.acks++;
        if (error !== undefined) this.refusals.push(error);
      },
      onMessage: (message) => this.forward(pn, message),
    });
    this.members.set(pn, member);
    const qr = await until('a QR code', () => member.qr);
    const { url, token } = this.network;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/pair`, { method: 'POST', headers, body: JSON.stringify({ pn, qr }) });
    if (!answer.ok) throw new Error(`pairing failed: ${await answer.text()}`);
    await until('a connection', () => (member.opens > 0 ? true : null));
  }

  private async forward(session: string, message: WAMessage): Promise<void> {
    if (this.target === null) return;
    try {
      const body = JSON.stringify({ session, message });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(this.target, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the receiver answered ${answer.status}`);
    } catch (error) {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  private member(pn: string): Member {
    const member = this.members.get(pn);
    if (!member) throw new Error(`${pn} is not linked here`);
    return member;
  }
}

const textOf = (index: number) => `Message ${index + 1}: how are you today? I hope all is well.`;
