// Runs the tests against real brokers: what the system has of them (see .ci/run), and one from npm that is installed beside
// the tests. Arguments are Jest's.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

const folder = 'test/services';
const installed = `${folder}/node_modules/.package-lock.json`;
const isStale = !existsSync(installed) || statSync(installed).mtimeMs < statSync(`${folder}/package-lock.json`).mtimeMs;
if (isStale && run('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund']))
  console.log('note: what SQS is tested against could not be installed; its tests are skipped');

// The name of the project comes last: it takes whatever follows it for further names.
const jest = ['run', 'jest', '--', ...process.argv.slice(2), '--selectProjects', 'services'];
process.exitCode = run('npm', jest, { TEST_SERVICES: '1' });
