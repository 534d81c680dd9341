import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { useStack } from '@app/testing/use-stack.js';

describe('the example for integrators', () => {
  const stack = useStack({ OUTBOUND_ALLOW: '127.0.0.0/8,::1,localhost' });
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-example-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['on this machine', {}],
    ['that finds this machine under another name', { BOT_HOST: 'localhost' }],
  ])(
    'passes against a gateway %s',
    async (_where, more) => {
      const { gateway, simulator } = stack;
      const file = join(folder, 'bot.test.mjs');
      writeFileSync(file, withoutTypes('docs/examples/bot.test.ts'));
      const env = {
        PATH: process.env.PATH,
        SWITCHBOARD_URL: gateway.admin.url,
        ADMIN_TOKEN: gateway.adminToken,
        SIMULATOR_URL: simulator.api.url,
        SIMULATOR_TOKEN: simulator.api.token ?? '',
        ...more,
      };
      const run = promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', file], { env });
      expect((await run).stdout).toMatch(/# pass 1\n# fail 0/);
    },
    60_000,
  );
});

/** What Node.js 22.18 and newer do by themselves: only types are removed, so the example must contain nothing else. */
function withoutTypes(path: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
  };
  return ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions }).outputText;
}
