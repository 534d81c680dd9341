// `migrate.mjs` applies pending migrations to DATABASE_URL.
// `migrate.mjs new add-labels` writes the migration from the last one to the entities as they are now.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource } from '../dist/libs/database/src/data-source.js';
import { startEmbeddedPostgres } from '../dist/libs/database/src/embedded-postgres.js';
import { migrate, renderMigration } from '../dist/libs/database/src/migrate.js';

const folder = 'libs/database/src/migrations';

async function withDatabase(url, work) {
  const dataSource = await createDataSource({ url, poolSize: 2 }).initialize();
  try {
    const names = await migrate(dataSource);
    await work(dataSource, names);
  } finally {
    await dataSource.destroy();
  }
}

async function apply() {
  const embedded = process.env.DATABASE_URL ? null : await startEmbeddedPostgres(process.env.DATA_DIR ?? '.data');
  const url = process.env.DATABASE_URL ?? embedded.url;
  await withDatabase(url, (_, names) => console.log(names.length ? `applied ${names.join(', ')}` : 'up to date'));
  await embedded?.stop();
}

async function create(name) {
  if (!/^[a-z][a-z0-9-]*$/.test(name ?? '')) throw new Error('usage: npm run migrate:new -- add-labels');
  const scratch = mkdtempSync(join(tmpdir(), 'switchboard-migration-'));
  const embedded = await startEmbeddedPostgres(scratch, console.log, { fsync: 'off' });
  try {
    await withDatabase(embedded.url, async (dataSource) => {
      const at = new Date();
      const text = await renderMigration(dataSource, name, at);
      if (!text) return console.log('The migrations agree with the entities already.');
      writeFileSync(join(folder, `${at.getTime()}-${name}.ts`), text);
      writeList();
      console.log(`wrote ${folder}/${at.getTime()}-${name}.ts; read it, then run npm run lint:fix`);
    });
  } finally {
    await embedded.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Rewrites the list of migrations from the files of the folder. */
function writeList() {
  const files = readdirSync(folder).filter((file) => /^\d+-.*\.ts$/.test(file));
  const entries = files.sort().map((file) => {
    const [, at, name] = /^(\d+)-(.*)\.ts$/.exec(file);
    const title = name.replace(/(^|-)(\w)/g, (_match, _dash, letter) => letter.toUpperCase());
    return { className: `${title}${at}`, file: file.replace(/\.ts$/, '.js') };
  });
  const imports = entries.map(({ className, file }) => `import { ${className} } from './migrations/${file}';\n`);
  writeFileSync(
    `${folder}.ts`,
    `${imports.join('')}import type { ForwardMigration } from './migrations/forward-migration.js';

/** Every migration, oldest first; \`npm run migrate:new\` keeps the list. */
export const migrations: (new () => ForwardMigration)[] = [${entries.map(({ className }) => className).join(', ')}];
`,
  );
}

const [command, name] = process.argv.slice(2);
await (command === 'new' ? create(name) : apply());
