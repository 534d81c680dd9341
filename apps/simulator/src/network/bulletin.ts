import { SERVICE } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';

/** What the service tells clients outside of any chat. */
export const bulletinKinds = [
  'edgeRouting',
  'dirtyAccount',
  'dirtyGroups',
  'dirtyCommunities',
  'offlinePreview',
] as const;

export type BulletinKind = (typeof bulletinKinds)[number];

/** Where a client should connect next time; what is in it only the service understands. */
const ROUTING_INFO = Buffer.from([8, 13, 8, 5]);

/** An `<ib>` of this kind. */
export function bulletin(kind: BulletinKind, t: number): Stanza {
  return stanza('ib', { from: SERVICE }, [bodies[kind](t)]);
}

const dirty = (type: string) => (t: number) => stanza('dirty', { type, timestamp: t });

const bodies: Record<BulletinKind, (t: number) => Stanza> = {
  edgeRouting: () => stanza('edge_routing', {}, [stanza('routing_info', {}, ROUTING_INFO)]),
  dirtyAccount: dirty('account_sync'),
  dirtyGroups: dirty('groups'),
  dirtyCommunities: dirty('communities'),
  offlinePreview: () => stanza('offline_preview', { count: 0, message: 0, receipt: 0, notification: 0, call: 0 }),
};
