import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { OutcomeOf } from './api-client.js';
import type { GatewayProcess, GatewayTenant } from './gateway-process.js';
import type { HttpAnswer } from './http-client.js';

export type MediaAnswer = HttpAnswer<OutcomeOf<'POST /v1/media'>>;

/** Uploads a file as a form, while it is read. */
export async function upload(
  { api }: GatewayTenant,
  content: Blob | Uint8Array | string,
  name = 'a.txt',
  fields: Record<string, string> = {},
): Promise<MediaAnswer> {
  const form = new FormData();
  form.set('file', content instanceof Blob ? content : new Blob([content]), name);
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  return api.call('POST /v1/media', form);
}

/** What a gateway holds of media: files on its disk, half-done work, and rows of the library. */
export async function mediaLeft(gateway: GatewayProcess): Promise<{ files: string[]; scratch: string[]; rows: Row[] }> {
  const database = new Client(gateway.database.url);
  await database.connect();
  try {
    const { rows } = await database.query<Row>('SELECT id, status, storage_key AS key FROM media_files');
    const scratch = filesBelow(join(gateway.dataDir, 'scratch'));
    return { files: filesBelow(join(gateway.dataDir, 'media')), scratch, rows };
  } finally {
    await database.end();
  }
}

interface Row {
  id: string;
  status: string;
  key: string;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => !statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory()).sort();
}
