import type { BaileysClient } from '../test-kit/baileys-client.js';
import { useSimulator } from '../test-kit/use-simulator.js';

describe('linking a client', () => {
  const world = useSimulator();

  it('scans a QR code, restarts with 515 and logs in', async () => {
    const pn = world.aNumber();
    const client = world.aClient().connect();
    const qr = await client.until(() => client.qr);
    const { status, body } = await world.post<{ lid: string }>('/pair', { pn, qr });
    expect({ status, body }).toMatchObject({ status: 200, body: { pn, device: 1, jid: `${pn}:1@s.whatsapp.net` } });
    expect(await client.ended()).toEqual({ statusCode: 515 });
    await client.connect().opened();
    expect(client.creds.me).toMatchObject({ id: `${pn}:1@s.whatsapp.net`, lid: `${body.lid}:1@lid` });
    expect(await world.get(`/accounts/${pn}`)).toMatchObject({
      behaviour: 'phone',
      connected: true,
      devices: [{ id: 0 }, { id: 1, keyIndex: 1, connected: true }],
    });
  });

  it('refuses a QR code that is unknown, used, or of a client that is gone', async () => {
    const client = world.aClient().connect();
    const qr = await client.until(() => client.qr);
    expect(await world.post('/pair', { pn: world.aNumber(), qr: 'nonsense' })).toMatchObject({
      status: 409,
      body: { code: 'qr.unknown' },
    });
    expect(await world.post('/pair', { pn: world.aNumber(), qr: qr.replace(/,[^,]+,/, ',AAAA,') })).toMatchObject({
      body: { code: 'qr.mismatch' },
    });
    await client.close();
    expect(await world.post('/pair', { pn: world.aNumber(), qr })).toMatchObject({
      status: 409,
      body: { code: 'qr.unknown' },
    });
  });

  it('links a second client to the same account under the next device id', async () => {
    const pn = world.aNumber();
    await world.aClient().pair(pn);
    const second = await world.aClient().pair(pn);
    expect(second.creds.me?.id).toBe(`${pn}:2@s.whatsapp.net`);
  });

  it('links with a code typed on the phone, also after a wrong one', async () => {
    const pn = world.aNumber();
    const client = world.aClient().connect();
    await client.until(() => client.qr);
    expect(await world.post('/pair-code', { pn, code: 'ABCD1234' })).toMatchObject({
      body: { code: 'pair-code.unknown' },
    });
    const code = await client.socket.requestPairingCode(pn);
    await world.get(`/stanzas/wait?tag=iq&direction=out&type=result`);
    expect(await world.post('/pair-code', { pn, code: 'WRONG123' })).toMatchObject({
      body: { code: 'pair-code.wrong' },
    });
    expect(await world.post('/pair-code', { pn, code: `${code.slice(0, 4)}-${code.slice(4)}` })).toMatchObject({
      status: 200,
      body: { pn, device: 1 },
    });
    expect(await client.ended()).toEqual({ statusCode: 515 });
    await client.connect().opened();
    expect(client.creds.registered).toBe(true);
  });

  it('gives a new client the name of its owner and ends the wait for history', async () => {
    const client = await world.aClient().pair(world.aNumber());
    await client.until(() => client.creds.accountSyncCounter);
    const account = await world.get<{ name: string }>(`/accounts/${client.pn}`);
    await client.until(() => client.creds.me?.name === account.name);
    expect(client.creds.myAppStateKeyId).toEqual(expect.any(String));
  });
});

describe('logging in', () => {
  const world = useSimulator();

  it('turns away a device that was removed by the phone', async () => {
    const client = await world.aClient().pair(world.aNumber());
    expect(await world.post(`/accounts/${client.pn}/phone`, { op: 'logoutDevice' })).toMatchObject({
      body: { removed: [1] },
    });
    expect(await client.ended()).toEqual({ statusCode: 401 });
    expect(await client.connect().ended()).toEqual({ statusCode: 401 });
  });

  it('removes a device that logs itself out', async () => {
    const client = await world.aClient().pair(world.aNumber());
    await client.socket.logout();
    await world.get(`/stanzas/wait?account=${client.pn}&tag=iq&direction=out`);
    expect(await client.connect().ended()).toEqual({ statusCode: 401 });
    expect(await world.get(`/accounts/${client.pn}`)).toMatchObject({ devices: [{ id: 0 }] });
  });

  it('turns away somebody who knows the number but not the key', async () => {
    const client = await world.aClient().pair(world.aNumber());
    const thief = world.aClient();
    thief.creds.me = { ...client.creds.me, id: client.creds.me?.id ?? '' };
    expect(await thief.connect().ended()).toEqual({ statusCode: 401 });
    expect(client.isOpen).toBe(true);
  });

  it('replaces an older connection of the same device', async () => {
    const pn = world.aNumber();
    const older = await world.aClient().pair(pn);
    const newer = world.aClient();
    newer.adopt(older);
    await newer.connect().opened();
    expect(await older.ended()).toEqual({ statusCode: 440 });
    expect(newer.isOpen).toBe(true);
  });

  describe('with one patient client', () => {
    const linked = { client: undefined as BaileysClient | undefined };
    const reconnected = async () => {
      linked.client ??= await world.aClient().pair(world.aNumber());
      return linked.client.isOpen ? linked.client : linked.client.connect().opened();
    };

    it.each([401, 403, 405, 503])('refuses the next login with %i, and only that one', async (reason) => {
      const client = await reconnected();
      await client.close();
      await world.post(`/accounts/${client.pn}/refuse-login`, { reason });
      expect(await client.connect().ended()).toEqual({ statusCode: reason });
      await client.connect().opened();
    });

    it.each([
      [{ how: 'closeSocket' }, 428],
      [{ how: 'resetTcp' }, 428],
      [{ how: 'streamEnd' }, 428],
      [{ how: 'streamError', error: 515 }, 515],
      [{ how: 'streamError', error: 503 }, 503],
      [{ how: 'streamError', error: 401 }, 401],
      [{ how: 'streamError', error: 440 }, 440],
      [{ how: 'streamError', error: 'ack' }, 500],
    ])('ends a connection by %j', async (kick, statusCode) => {
      const client = await reconnected();
      expect(await world.post(`/connections/${client.pn}/kick`, kick)).toMatchObject({ body: { kicked: 1 } });
      expect(await client.ended()).toEqual({ statusCode });
    });
  });

  it('keeps a half-open connection without a word, and accepts a new one beside it', async () => {
    const stuck = await world.aClient({ defaultQueryTimeoutMs: 300 }).pair(world.aNumber());
    await world.post(`/connections/${stuck.pn}/kick`, { how: 'halfOpen' });
    expect(await stuck.socket.fetchPrivacySettings(true).catch(() => 'no answer')).toBe('no answer');
    expect(stuck.isOpen).toBe(true);
    const fresh = world.aClient();
    fresh.adopt(stuck);
    await fresh.connect().opened();
  });
});
