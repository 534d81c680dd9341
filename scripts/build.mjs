// Builds gateway, simulator and bench into dist/. With --if-stale it does nothing when no source is newer than the last build.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const stamp = 'dist/.built';
const newest = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};
const libs = ['database', 'platform', 'whatsapp', 'testing'].map((name) => `libs/${name}`);
const sources = ['apps', ...libs, 'test/bench', 'nest-cli.json', 'tsconfig.json', 'package-lock.json'].filter(
  existsSync,
);
const isFresh = existsSync(stamp) && sources.every((path) => newest(path) <= statSync(stamp).mtimeMs);

if (!(process.argv.includes('--if-stale') && isFresh)) {
  const started = Date.now();
  console.log('building …');
  rmSync(stamp, { force: true });
  for (const app of ['gateway', 'simulator'])
    execFileSync(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', app], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  writeFileSync(stamp, '');
  console.log(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
