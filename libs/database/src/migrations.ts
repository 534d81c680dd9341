import { Foundation1795247494907 } from './migrations/1795247494907-foundation.js';
import type { ForwardMigration } from './migrations/forward-migration.js';

/** Every migration, oldest first; `npm run migrate:new` keeps the list. */
export const migrations: (new () => ForwardMigration)[] = [Foundation1795247494907];
