// The whole product on one machine without a phone: a simulated WhatsApp network, the gateway, a tenant and a session.
// The gateway runs in this process, from the same main as `npm start`; the simulator is a child that ends with it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertUnlinked } from './sandbox/database.mjs';
import { freePort, waitForPort } from './sandbox/ports.mjs';
import { prepareTenant } from './sandbox/ready-tenant.mjs';
import { startSimulator } from './sandbox/simulator.mjs';
import { welcome } from './sandbox/welcome.mjs';

const { env } = process;
const isChaos = process.argv.includes('--chaos');
const startedAt = Date.now();
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

try {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { stdio: 'inherit' });
} catch {
  process.exit(1);
}
// The shim that main.js loads first must also come before what is loaded here.
await import('../dist/libs/whatsapp/src/runtime/async-local-storage-shim.js');
const { loadConfig, readEnvironment, ConfigError } = await import('../dist/libs/platform/src/config/config.js');
const { provideSecrets } = await import('../dist/libs/platform/src/config/generated-secrets.js');
const { explainStartFailure, say, unlessQuick } = await import('../dist/apps/gateway/src/start-up.js');

try {
  readArguments();
  endWithNpm();
  const config = await settings();
  const simulator = await unlessQuick(startSimulator(onSimulatorGone), 'Starting the simulator …');
  env.WA_SOCKET_URL = simulator.socketUrl;
  env.WA_ROOT_KEY = simulator.rootKey;
  env.WA_MEDIA_HOST = simulator.mediaHost;
  env.WA_TLS_CA = simulator.caFile;
  await unlessQuick(import('../dist/apps/gateway/src/main.js'), 'Starting the gateway …');
  provideSecrets(config); // made by the gateway at its first start
  const gateway = { url: `http://${clientHost(config.host)}:${config.port}`, ...config };
  const tenant = await unlessQuick(prepareTenant(gateway, simulator), 'Preparing a tenant and a session …');
  console.log(welcome({ gateway, simulator, tenant, isChaos, seconds: (Date.now() - startedAt) / 1000 }));
} catch (error) {
  explainStartFailure(error);
  process.exit(1);
}

function readArguments() {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--chaos');
  if (unknown.length > 0) throw new ConfigError(`${unknown[0]} is not known; there is --chaos.`);
  const world = env.SIMULATOR_WORLD?.trim() || 'small';
  env.SIMULATOR_WORLD = isChaos ? `${world},chaos` : world;
}

/** The settings of `npm start` with the sandbox's own defaults; its data never mixes with that of `npm start`. */
async function settings() {
  readEnvironment();
  for (const name of ['WA_SOCKET_URL', 'WA_ROOT_KEY', 'WA_MEDIA_HOST', 'WA_TLS_CA']) env[name] = '';
  env.DATA_DIR = join(env.DATA_DIR?.trim() || '.data', 'sandbox');
  env.OUTBOUND_ALLOW = env.OUTBOUND_ALLOW?.trim() || '127.0.0.0/8,::1';
  env.LOG_LEVEL = env.LOG_LEVEL?.trim() || 'warn';
  env.SIMULATOR_PORT = env.SIMULATOR_PORT?.trim() || '7900';
  const config = loadConfig(env);
  if (!config.roles.includes('api') || !config.roles.includes('sessions'))
    throw new ConfigError('the sandbox needs the ROLES api and sessions');
  if (!/^\d{1,5}$/.test(env.SIMULATOR_PORT)) throw new ConfigError('SIMULATOR_PORT must be a port number');
  if (config.port === 0) config.port = await freePort(config.host);
  env.PORT = String(config.port);
  await waitForPort('PORT', config.port, config.host);
  await waitForPort('SIMULATOR_PORT', Number(env.SIMULATOR_PORT), env.SIMULATOR_HOST || '127.0.0.1');
  if (config.databaseUrl) await assertUnlinked(config.databaseUrl);
  return config;
}

function onSimulatorGone() {
  say('The simulator ended; the sandbox stops.');
  process.on('exit', () => (process.exitCode = 1));
  process.kill(process.pid, 'SIGTERM');
}

/** `npm` can be killed without a chance to pass the signal on. */
function endWithNpm() {
  const npm = process.ppid;
  if (env.npm_lifecycle_event !== 'sandbox') return;
  const timer = setInterval(() => process.ppid !== npm && process.kill(process.pid, 'SIGTERM'), 500);
  timer.unref();
}

/** Where a client on this machine finds a server that listens on `host`. */
function clientHost(host) {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
