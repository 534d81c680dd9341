import { ok } from '@app/client/client.js';
import { GatewayProcess } from '@app/testing/gateway-process.js';
import { SimulatorProcess } from '@app/testing/simulator-process.js';

describe('a gateway of two processes', () => {
  let simulator: SimulatorProcess;
  let holder: GatewayProcess;
  let front: GatewayProcess;
  beforeAll(async () => {
    simulator = await SimulatorProcess.start();
    holder = await GatewayProcess.start(simulator, { ROLES: 'sessions,jobs,api' });
    front = await holder.another({ ROLES: 'api' });
  });
  afterAll(async () => {
    await front.kill();
    await holder.dispose();
    await simulator.stop();
  });

  it('carries what needs the connection to the process that has it, and the answer back', async () => {
    const tenant = await front.aTenant();
    const session = await tenant.aSession();
    await session.start();
    await session.qr();
    const phone = '628120099001';
    const { code } = await ok(
      tenant.client.POST('/v1/sessions/{sessionId}/pairing-code', { ...session.at(), body: { phone: `+${phone}` } }),
    );
    await simulator.api.ok('POST /pair-code', { pn: phone, code: code.replace('-', '') });
    await session.becomes('connected');
    expect(await tenant.api.call(`POST ${session.path}/pairing-code`, { phone: `+${phone}` })).toMatchObject({
      status: 409,
      body: { code: 'session.already-linked' },
    });
    await ok(tenant.client.POST('/v1/sessions/{sessionId}/logout', session.at()));
    expect(await session.becomes('logged_out')).toMatchObject({ me: null });
    expect(await tenant.api.call(`POST ${session.path}/logout`)).toMatchObject({
      status: 409,
      body: { code: 'session.not-connected' },
    });
  });
});
