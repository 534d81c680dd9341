import { KeyRing } from '@app/platform/secrets/key-ring.js';
import { useFeature } from '@app/testing/use-feature.js';
import { DataSource } from 'typeorm';
import { SignalStore } from './auth/signal-store.js';
import { StateWriter } from './auth/state-writer.js';
import { RetryCounters } from './retry-counters.js';
import { WhatsappModule } from './whatsapp.module.js';

describe('RetryCounters', () => {
  const app = useFeature(WhatsappModule);

  it('go on after a restart where they were, however many there are', async () => {
    const { tenantId } = await app.aUser();
    const { id: sessionId } = await app.aSession(tenantId);
    await app.db.query(
      `INSERT INTO session_leases (session_id, owner, epoch, expires_at) VALUES ($1, 'me', 1, now())`,
      [sessionId],
    );
    const fence = { sessionId, tenantId, epoch: '1' };
    const aProcess = () => {
      const store = new SignalStore(
        fence,
        app.get(StateWriter),
        app.get(DataSource),
        app.get(KeyRing),
        () => undefined,
      );
      return { store, counters: new RetryCounters(store) };
    };
    const before = aProcess();
    for (let n = 0; n < 501; n++) await before.counters.set(`message ${n}`, 1);
    await before.counters.set('message 500', 2);
    await before.counters.del('message 499');
    await before.store.committed;
    const { counters } = aProcess();
    expect(await counters.get('message 500')).toBe(2);
    expect(await counters.get('message 1')).toBe(1);
    // The oldest makes room, and what was served is forgotten.
    expect(await counters.get('message 0')).toBeUndefined();
    expect(await counters.get('message 499')).toBeUndefined();
  });
});
