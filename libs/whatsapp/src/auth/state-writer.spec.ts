import { setImmediate as turn } from 'node:timers/promises';
import { SignalKey } from '@app/database/entities/signal-key.entity.js';
import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { useFeature } from '@app/testing/use-feature.js';
import { DataSource } from 'typeorm';
import { WhatsappModule } from '../whatsapp.module.js';
import { SessionStates } from '../session-state.js';
import { SignalStore } from './signal-store.js';
import { type Fence, LeaseLostError, StateWriter } from './state-writer.js';

describe('StateWriter and SignalStore', () => {
  const app = useFeature(WhatsappModule);

  const aFence = async (): Promise<Fence> => {
    const { tenantId } = await app.aUser();
    const { id: sessionId } = await app.aSession(tenantId);
    await app.db.query(
      `INSERT INTO session_leases (session_id, owner, epoch, expires_at) VALUES ($1, 'me', 1, now())`,
      [sessionId],
    );
    return { sessionId, tenantId, epoch: '1' };
  };
  const aStore = (fence: Fence, failures: unknown[] = []) =>
    new SignalStore(fence, app.get(StateWriter), app.get(DataSource), app.get(KeyRing), (error) =>
      failures.push(error),
    );
  const rows = (sessionId: string) => app.db.getRepository(SignalKey).findBy({ sessionId });

  it('serves at once what is on its way to the database, and finds it again in a fresh store', async () => {
    const fence = await aFence();
    const store = aStore(fence);
    await store.set({ session: { 'a.0': { ratchet: 1 } as never }, 'lid-mapping': { '628': '123' } });
    expect(store.isWriting).toBe(true);
    expect(await store.get('session', ['a.0', 'b.0'])).toEqual({ 'a.0': { ratchet: 1 } });
    await store.committed;
    const later = aStore(fence);
    expect(await later.get('session', ['a.0'])).toEqual({ 'a.0': { ratchet: 1 } });
    await later.set({ session: { 'a.0': null as never } });
    await later.committed;
    expect(await aStore(fence).get('session', ['a.0'])).toEqual({});
  });

  it('commits what many sessions write at the same moment together', async () => {
    const fences = await Promise.all(Array.from({ length: 5 }, aFence));
    const stores = fences.map((fence) => aStore(fence));
    await Promise.all(stores.map((store) => store.set({ 'sender-key': { g: Buffer.from('key') } })));
    await Promise.all(stores.map((store) => store.committed));
    for (const { sessionId } of fences) expect(await rows(sessionId)).toHaveLength(1);
  });

  it('refuses the writes of an outdated owner, and only those', async () => {
    const [lost, kept] = [await aFence(), await aFence()];
    const failures: unknown[] = [];
    const [outdated, current] = [aStore(lost, failures), aStore(kept)];
    await app.db.query('UPDATE session_leases SET epoch = 2 WHERE session_id = $1', [lost.sessionId]);
    await Promise.all([outdated, current].map((store) => store.set({ 'lid-mapping': { a: 'b' } })));
    await expect(outdated.committed).rejects.toBeInstanceOf(LeaseLostError);
    await current.committed;
    expect(failures).toHaveLength(1);
    expect(await rows(lost.sessionId)).toEqual([]);
    expect(await rows(kept.sessionId)).toHaveLength(1);
    await expect(outdated.get('lid-mapping', ['a'])).rejects.toThrow('failed before');
  });

  it('lets nothing in of an owner that is done, although it still holds the session', async () => {
    const fence = await aFence();
    const state = await app.get(SessionStates).load(fence, () => undefined);
    await state.store.set({ 'lid-mapping': { a: 'b' } });
    await state.store.committed;
    state.retire();
    await app.db.getRepository(SignalKey).delete({ sessionId: fence.sessionId });
    await state.store.set({ 'lid-mapping': { late: 'c' } });
    await expect(state.store.committed).rejects.toBeInstanceOf(LeaseLostError);
    expect(await rows(fence.sessionId)).toEqual([]);
  });

  it('lets nothing in after a write that failed, and never calls it committed', async () => {
    const fence = await aFence();
    const failures: unknown[] = [];
    const store = aStore(fence, failures);
    // PostgreSQL's text can't hold NUL: this write fails in the database.
    await store.set({ 'lid-mapping': { 'bad\0id': 'x' } });
    await turn();
    await store.set({ 'lid-mapping': { good: 'y' } });
    await expect(store.committed).rejects.toThrow();
    expect(failures.length).toBeGreaterThan(0);
    expect(await rows(fence.sessionId)).toEqual([]);
  });

  it('keeps its own copy of what Baileys changes in place', async () => {
    const store = aStore(await aFence());
    const memory = { 'a.0': true };
    await store.set({ 'sender-key-memory': { group: memory } });
    const { group } = await store.get('sender-key-memory', ['group']);
    Object.assign(group!, { 'b.0': true });
    await store.set({ 'sender-key-memory': { group: group! } });
    await store.committed;
    expect(await store.get('sender-key-memory', ['group'])).toEqual({ group: { 'a.0': true, 'b.0': true } });
  });
});
