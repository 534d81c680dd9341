import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Config } from './config.js';

/**
 * Fills in the secrets that were not set: made at the first start and kept in DATA_DIR, readable by the owner alone.
 * Says whether the admin token is new, so that it can be shown this once.
 */
export function provideSecrets(config: Config): { isAdminTokenNew: boolean } {
  const adminToken = config.adminToken
    ? { value: config.adminToken, isNew: false }
    : keep(config, 'admin-token', () => `swa_${randomBytes(32).toString('base64url')}`);
  config.adminToken = adminToken.value;
  config.encryptionKeys ??= keep(config, 'encryption-keys', () => `k1:${randomBytes(32).toString('base64')}`).value;
  return { isAdminTokenNew: adminToken.isNew };
}

function keep({ dataDir }: Config, name: string, make: () => string): { value: string; isNew: boolean } {
  const path = join(dataDir, name);
  try {
    const isNew = !existsSync(path) && create(dataDir, path, make());
    return { value: readFileSync(path, 'utf8').trim(), isNew };
  } catch (error) {
    throw new ConfigError(`DATA_DIR must be a folder that can be written: ${(error as Error).message}`);
  }
}

/** Of two processes that start together, one creates the file (whole, by a link) and the other finds it. */
function create(dataDir: string, path: string, value: string): boolean {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${value}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}
