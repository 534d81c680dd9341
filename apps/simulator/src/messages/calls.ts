import { familyOf } from '../wire/jid.js';
import type { Family } from '../wire/jid.js';
import { child, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';

const MAX_CALLS = 1_000;

/** How somebody played here calls. */
export interface CallOrder {
  isVideo?: boolean;
  /** The group the call belongs to. */
  group?: string;
  /** How long it rings. */
  ringMs: number;
  /** What the caller does when nobody answered in time; a client sees a missed call only after a timeout. */
  end?: 'timeout' | 'hangUp';
}

/** Who is called, by number or by opaque id. */
export interface Callee {
  account: Account;
  family: Family;
}

/** How far a call got. */
export type CallState = 'ringing' | 'rejected' | 'accepted' | 'timeout' | 'ended';

/** A call as the service sees it: who rings whom. Sound and pictures do not pass here. */
export interface Call {
  id: string;
  caller: Device;
  callee: Account;
  family: Family;
  isVideo: boolean;
  group: string | undefined;
  state: CallState;
  cancelTimer: () => void;
}

/** Where a call ends up by what the called side, or the caller, said. */
const outcomes = new Map<string, CallState>([
  ['reject', 'rejected'],
  ['accept', 'accepted'],
  ['terminate', 'ended'],
]);

/** Rings, relays what the two sides tell each other, and ends calls nobody answers. */
export class Calls {
  private readonly calls = new Map<string, Call>();

  constructor(private readonly core: Core) {}

  list(): Call[] {
    return [...this.calls.values()];
  }

  find(id: string): Call | undefined {
    return this.calls.get(id);
  }

  /** Rings all devices of a person; they are told when the time is over. */
  ring(caller: Device, { account: callee, family }: Callee, order: CallOrder): Call {
    const { isVideo = false, group, ringMs, end = 'timeout' } = order;
    const call: Call = {
      id: this.core.seed.messageId(caller.account.pn),
      caller,
      callee,
      family,
      isVideo,
      group,
      state: 'ringing',
      cancelTimer: this.core.clock.after(ringMs, () => this.hangUp(call, end)),
    };
    this.keep(call);
    this.tell(call, stanza('offer', { ...this.idOf(call), ...this.offerAttrs(call) }, offered(isVideo)));
    return call;
  }

  /** Passes on what the caller tells the called side before it answers: `preaccept`, `transport`, `relaylatency` … */
  signal(call: Call, tag: string, attrs: Record<string, string> = {}): void {
    this.tell(call, stanza(tag, { ...this.idOf(call), ...attrs }));
  }

  /** The caller gives up. */
  hangUp(call: Call, how: 'timeout' | 'hangUp'): void {
    if (call.state !== 'ringing' && call.state !== 'accepted') return;
    this.settle(call, how === 'timeout' ? 'timeout' : 'ended');
    this.signal(call, 'terminate', how === 'timeout' ? { reason: 'timeout' } : {});
  }

  /** Somebody played here answers on their phone: the caller hears of it, and their clients stop ringing. */
  answer(call: Call, phone: Device, how: 'accept' | 'reject'): void {
    if (call.state !== 'ringing') return;
    const outcome = how === 'accept' ? 'accepted' : 'rejected';
    this.settle(call, outcome);
    this.push(call.caller.account, { from: phone.account.jid(call.family) }, stanza(how, this.idOf(call)));
    this.stopOthers(call, phone, outcome);
  }

  /** What a client says about a call, or its wish for a link to one; the answer confirms it. */
  received(from: Companion, node: Stanza): Stanza {
    const { to, id } = node.attrs;
    const body = child(node);
    const answer = { class: 'call', id, from: to, type: body?.tag };
    if (body?.tag === 'link_create') {
      const token = this.core.seed.messageId(from.account.pn);
      return stanza('ack', answer, [stanza('link_create', { token, media: body.attrs.media })]);
    }
    const target = this.core.directory.findByJid(to);
    if (!body || !target) return stanza('ack', { ...answer, error: 404 });
    this.relay(from, target, familyOf(to) ?? 'pn', body);
    return stanza('ack', answer);
  }

  private relay(from: Companion, target: Account, family: Family, body: Stanza): void {
    const id = body.attrs['call-id'] ?? '';
    if (body.tag === 'offer') {
      const isVideo = child(body, 'video') !== undefined;
      const group = body.attrs['group-jid'];
      this.keep({
        id,
        caller: from,
        callee: target,
        family,
        isVideo,
        group,
        state: 'ringing',
        cancelTimer: () => undefined,
      });
    }
    const call = this.calls.get(id);
    const outcome = outcomes.get(body.tag);
    if (call && outcome && call.state === 'ringing') this.settle(call, outcome);
    if (target.refuses(from.account)) return;
    this.push(target, { from: from.account.jid(family, from.id) }, body);
    // The other devices that were ringing stop.
    const isAnswered = body.tag === 'reject' || body.tag === 'accept';
    if (call && outcome && isAnswered) this.stopOthers(call, from, outcome);
  }

  private stopOthers(call: Call, answering: Device, outcome: CallState): void {
    const end = stanza('terminate', { ...this.idOf(call), reason: `${outcome}_elsewhere` });
    this.push(answering.account, { from: call.caller.account.jid(call.family) }, end, answering);
  }

  private tell(call: Call, body: Stanza): void {
    const { caller, callee, family } = call;
    if (callee.shows('calladd', caller.account)) this.push(callee, { from: caller.account.jid(family) }, body);
  }

  private push(to: Account, attrs: Stanza['attrs'], body: Stanza, except?: Device): void {
    const { seed, clock } = this.core;
    for (const device of to.devices.values())
      if (device !== except)
        device.push(stanza('call', { ...attrs, id: seed.messageId(`calls to ${to.pn}`), t: clock.seconds() }, [body]));
  }

  private keep(call: Call): void {
    this.calls.set(call.id, call);
    const oldest = this.calls.size > MAX_CALLS ? this.calls.keys().next() : undefined;
    if (oldest && !oldest.done) this.calls.delete(oldest.value);
  }

  private settle(call: Call, state: CallState): void {
    call.state = state;
    call.cancelTimer();
  }

  private idOf({ id, caller, family }: Call): Record<string, string> {
    return { 'call-id': id, 'call-creator': caller.account.jid(family, caller.id) };
  }

  private offerAttrs({ caller, group }: Call): Record<string, string | undefined> {
    const number = caller.account.shownNumber;
    return { caller_pn: number, 'group-jid': group, type: group && 'group' };
  }
}

function offered(isVideo: boolean): Stanza[] {
  const sound = stanza('audio', { enc: 'opus', rate: 16000 });
  return isVideo ? [sound, stanza('video', { enc: 'vp8', orientation: 0 })] : [sound];
}
