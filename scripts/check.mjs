// What CI runs: the linters, then every test, those against real brokers too, then the soak, which counts as one more. Ends
// with `<n> passed, <n> failed` on a line of its own; the exit code is that of the tests, of the soak, or of the linters if
// only they complain.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-check-'));
const reports = { test: join(folder, 'jest.json'), services: join(folder, 'services.json') };
const npm = (...args) => spawnSync('npm', args, { stdio: 'inherit' }).status ?? 1;

const lintStatus = npm('run', 'lint');
const testStatus = npm('test', '--', '--json', `--outputFile=${reports.test}`);
const servicesStatus = npm('run', 'test:services', '--', '--json', `--outputFile=${reports.services}`);
const soakStatus = npm('run', 'test:soak');
if (lintStatus) console.log('npm run lint failed, see above.');
console.log(summary());
rmSync(folder, { recursive: true, force: true });
process.exitCode = testStatus || servicesStatus || soakStatus || lintStatus;

function summary() {
  const counts = Object.values(reports).map(countsOf);
  counts.push({ passed: soakStatus ? 0 : 1, failed: soakStatus ? 1 : 0, skipped: 0 });
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

/** A run that left no report counts as one failure, and so does a file that cannot even be loaded. */
function countsOf(report) {
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
