import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Numbers that are reserved for fiction. */
export const people = { owner: '12025550101', echo: '12025550102', ana: '12025550103' };

const PAIRING_TIMEOUT_MS = 15_000;

/** The tenant of an earlier run if its token still works, else a new one; a session that waits for its QR code; a contact. */
export async function prepareTenant(gateway, simulator) {
  const file = join(gateway.dataDir, 'sandbox.json');
  const known = read(file);
  const tenant = (await isValid(gateway, known?.token)) ? known : await createTenant(gateway);
  // The API shows the token once, so it is kept before anything else can go wrong.
  write(file, tenant);
  const api = (route, body) => call(gateway.url, tenant.token, route, body);
  const sessionId = (await waitsForQr(api, tenant.sessionId)) ? tenant.sessionId : await createSession(api);
  write(file, { ...tenant, sessionId });
  const echo = { pn: people.echo, name: 'Echo', behaviour: 'echo' };
  // Already there, unless SIMULATOR_WORLD names a world without it.
  expect(await call(simulator.url, simulator.token, 'POST /accounts', echo), 201, 409);
  return { ...tenant, sessionId };
}

async function isValid({ url }, token) {
  return Boolean(token) && (await call(url, token, 'GET /v1/me')).status === 200;
}

async function createTenant({ url, adminToken }) {
  const answer = await call(url, adminToken, 'POST /v1/admin/tenants', { name: 'Sandbox' });
  const { id, token } = expect(answer, 201);
  return { tenantId: id, token };
}

async function createSession(api) {
  const { id } = expect(await api('POST /v1/sessions', { name: 'Sandbox' }), 201);
  if (!(await waitsForQr(api, id))) throw new Error(`The session ${id} got no QR code.`);
  return id;
}

/**
 * Starts a session until it shows a QR code. A login of an earlier run is unknown to the new network, which answers
 * 401; the session then drops it and is started once more.
 */
async function waitsForQr(api, id) {
  if (!id) return false;
  for (const deadline = Date.now() + PAIRING_TIMEOUT_MS; Date.now() < deadline; await sleep(50)) {
    const { status, body } = await api(`GET /v1/sessions/${id}`);
    if (status !== 200) return false;
    if (body.status === 'pairing') return true;
    if (body.desiredState === 'stopped') expect(await api(`POST /v1/sessions/${id}/start`), 200, 201, 202);
  }
  return false;
}

/** `call(url, token, 'POST /path', body)` → `{ status, body }`. */
async function call(base, token, route, body) {
  const [method, path] = route.split(' ');
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  return { route, status: response.status, body: await response.json().catch(() => null) };
}

function expect({ route, status, body }, ...wanted) {
  if (!wanted.includes(status)) throw new Error(`${route} was answered with ${status} ${body?.detail ?? ''}`);
  return body;
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const write = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
