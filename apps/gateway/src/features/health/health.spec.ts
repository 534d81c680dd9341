import { useGateway } from '@app/testing/use-gateway.js';

describe('readiness', () => {
  const gateway = useGateway();

  it('is refused while the database lacks migrations', async () => {
    const away = 'ALTER TABLE migrations RENAME TO migrations_away';
    await gateway.db.query(away);
    try {
      const { status, body } = await gateway.call('GET /health/ready');
      expect([status, body.code]).toEqual([503, 'health.not-ready']);
      expect((await gateway.call('GET /health/live')).status).toBe(200);
    } finally {
      await gateway.db.query('DROP TABLE IF EXISTS migrations');
      await gateway.db.query('ALTER TABLE migrations_away RENAME TO migrations');
    }
    expect((await gateway.call('GET /health/ready')).status).toBe(200);
  });
});
