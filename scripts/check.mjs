// What CI runs: the linters, then every test, then the soak, which counts as one more. Ends with `<n> passed, <n> failed`
// on a line of its own; the exit code is that of the tests, of the soak, or of the linters if only they complain.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-check-'));
const report = join(folder, 'jest.json');
const npm = (...args) => spawnSync('npm', args, { stdio: 'inherit' }).status ?? 1;

const lintStatus = npm('run', 'lint');
const testStatus = npm('test', '--', '--json', `--outputFile=${report}`);
const soakStatus = npm('run', 'test:soak');
if (lintStatus) console.log('npm run lint failed, see above.');
console.log(summary());
rmSync(folder, { recursive: true, force: true });
process.exitCode = testStatus || soakStatus || lintStatus;

function summary() {
  const results = readReport();
  if (!results) return '0 passed, 1 failed';
  // A file that cannot even be loaded counts as one failure.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + (soakStatus ? 1 : 0);
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests + (soakStatus ? 0 : 1)} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return null;
  }
}
