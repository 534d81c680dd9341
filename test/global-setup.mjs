// One throw-away PostgreSQL server for the whole run, with a migrated database that every test's own is copied from.
// Jest loads this file outside its module system, so the sources of libs/database are compiled here: a test never
// runs on the tables of an old build.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import pg from 'pg';

const sources = 'libs/database/src';

export default async function setup() {
  // Inside node_modules, so that imports of packages resolve.
  const build = mkdtempSync(join(mkdirFor('node_modules/.cache'), 'switchboard-test-'));
  try {
    compile(build);
    const load = (file) => import(pathToFileURL(join(build, file)).href);
    if (!process.env.TEST_DATABASE_URL) {
      const { startEmbeddedPostgres } = await load('embedded-postgres.js');
      const folder = mkdtempSync(join(tmpdir(), 'switchboard-test-'));
      const unsafe = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
      // Each test file has a database, and each database is looked at in this time.
      const many = { max_connections: '500', autovacuum_naptime: '1min' };
      const postgres = await startEmbeddedPostgres(folder, console.log, { ...unsafe, ...many });
      process.env.TEST_DATABASE_URL = postgres.url;
      globalThis.stopTestPostgres = async () => {
        await postgres.stop();
        rmSync(folder, { recursive: true, force: true });
      };
    }
    await makeTemplate(process.env.TEST_DATABASE_URL, await load('data-source.js'), await load('migrate.js'));
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
}

async function makeTemplate(serverUrl, { createDataSource }, { migrate }) {
  const url = new URL(serverUrl);
  const client = new pg.Client(serverUrl);
  await client.connect();
  await client.query('DROP DATABASE IF EXISTS switchboard_template');
  await client.query('CREATE DATABASE switchboard_template');
  await client.end();
  url.pathname = '/switchboard_template';
  const dataSource = await createDataSource({ url: url.href, poolSize: 2 }).initialize();
  await migrate(dataSource);
  await dataSource.destroy();
}

function compile(build) {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))) {
    const { code } = transformSync(readFileSync(join(sources, file), 'utf8'), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
    });
    mkdirFor(dirname(join(build, file)));
    writeFileSync(join(build, file.replace(/\.ts$/, '.js')), code);
  }
}

function mkdirFor(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}
