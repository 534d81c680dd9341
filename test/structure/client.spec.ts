import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { useGateway } from '@app/testing/use-gateway.js';
import { describeApi } from '../../apps/gateway/src/describe-api.js';
import { openApiDocument } from '../../apps/gateway/src/openapi.js';

const run = promisify(execFile);
const tsc = (...args: string[]) => run(process.execPath, [resolve('node_modules/typescript/bin/tsc'), ...args]);
/** Whether a text is up to date, without megabytes of differences in the report. */
const freshness = (isFresh: boolean) => (isFresh ? 'fresh' : 'stale: run npm run client:generate');

/** What must not compile, each after the line that says so. */
const misuse = `
import { createClient, ok } from '@switchboard/client';
const client = createClient({ baseUrl: 'http://localhost:3000', token: null });
// @ts-expect-error: no such path
await ok(client.GET('/v1/session'));
// @ts-expect-error: no such method there
await ok(client.DELETE('/v1/sessions'));
// @ts-expect-error: the path has a parameter
await ok(client.GET('/v1/sessions/{sessionId}'));
// @ts-expect-error: no such field in the answer
(await ok(client.GET('/v1/sessions'))).pages;
// @ts-expect-error: a field is missing
await ok(client.POST('/v1/webhooks', { body: {} }));
`;

describe('the client', () => {
  const gateway = useGateway();

  it('has the document that the gateway serves, which can be had without starting one', async () => {
    const committed = readFileSync('libs/client/openapi.json', 'utf8');
    const written = (document: object) => `${JSON.stringify(document, null, 2)}\n`;
    expect(freshness(written(openApiDocument(gateway.app)) === committed)).toBe('fresh');
    expect(freshness(written(await describeApi()) === committed)).toBe('fresh');
  });

  it('has the types that are made of it', async () => {
    const check = run('npm', ['run', 'client:types', '--', '--check']).then(
      () => true,
      () => false,
    );
    expect(freshness(await check)).toBe('fresh');
  });

  describe('as a package', () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchboard-client-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    beforeAll(async () => {
      const modules = join(folder, 'node_modules');
      const installed = join(modules, '@switchboard/client');
      mkdirSync(installed, { recursive: true });
      cpSync('libs/client/package.json', join(installed, 'package.json'));
      for (const name of ['openapi-fetch', 'openapi-typescript-helpers', '@types'])
        symlinkSync(resolve('node_modules', name), join(modules, name));
      await tsc('-p', 'libs/client', '--outDir', join(installed, 'dist'));
      const [, example = ''] = /```ts\n(.*?)```/s.exec(readFileSync('libs/client/README.md', 'utf8')) ?? [];
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      writeFileSync(join(folder, 'example.ts'), example);
      writeFileSync(join(folder, 'misuse.ts'), misuse);
      const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'] };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    });

    it('does what its README shows, and compiles with nothing that the API has not', async () => {
      const errors = await tsc('-p', folder).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      );
      expect(errors).toBe('');
      await gateway.app.listen(0, '127.0.0.1');
      const { token } = await gateway.aTenant();
      const env = { ...process.env, SWITCHBOARD_URL: await gateway.app.getUrl(), SWITCHBOARD_TOKEN: token };
      const { stdout } = await run(process.execPath, ['example.js'], { cwd: folder, env });
      expect(stdout).toMatch(/^ses_\w+ is stopped\nSales\n409 session\.not-linked\n$/);
    });
  });
});
