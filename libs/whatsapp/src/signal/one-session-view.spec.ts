import { OneSessionView, type StoredRecord } from './one-session-view.js';

const chain = Buffer.alloc(33, 7);
const session = (used: number, chains: string[] = [], closed = -1) => ({
  indexInfo: { used, closed },
  _chains: Object.fromEntries(chains.map((id) => [id, {}])),
});
const record = (_sessions: StoredRecord['_sessions']): StoredRecord => ({ _sessions, version: 'v1' });
const message = Buffer.concat([Buffer.of(0x33, 0x0a, 33), chain, Buffer.from('rest')]);

describe('OneSessionView', () => {
  const stored = record({ newest: session(30), owner: session(10, [chain.toString('base64')]), middle: session(20) });

  it('shows the session that holds the chain first, then the most recently used', () => {
    const view = OneSessionView.of(message);
    const shown: string[] = [];
    do shown.push(...Object.keys(view.show(stored)._sessions));
    while (view.next());
    expect(shown).toEqual(['owner', 'newest', 'middle']);
  });

  it('puts the hidden sessions back, unchanged, beside what was written', () => {
    const view = OneSessionView.of(message);
    const { owner } = view.show(stored)._sessions;
    const merged = view.merge(record({ owner: { ...owner!, indexInfo: { used: 99, closed: -1 } } }));
    expect(Object.keys(merged._sessions).sort()).toEqual(['middle', 'newest', 'owner']);
    expect(merged._sessions.owner?.indexInfo.used).toBe(99);
    expect(merged._sessions.newest).toBe(stored._sessions.newest);
  });

  it('forgets the oldest closed sessions beyond forty, which libsignal can not do for those it does not see', () => {
    const closed = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`closed${i}`, session(i, [], i + 1)]));
    const view = OneSessionView.of(message);
    const shown = view.show(record({ ...closed, open: session(100) }));
    const merged = view.merge(shown);
    expect(Object.keys(merged._sessions)).toHaveLength(41);
    expect(merged._sessions.closed19).toBeUndefined();
    expect(merged._sessions.closed20).toBeDefined();
  });

  it('has nothing to turn to when there is no record', () => expect(OneSessionView.of(message).next()).toBe(false));
});
