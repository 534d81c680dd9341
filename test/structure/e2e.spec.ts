import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiClient } from '@app/testing/api-client.js';

const folder = 'test/e2e';
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

/** Who may use HTTP itself, and what for. */
const PAST_THE_CLIENT: Record<string, string> = {
  'media-library.e2e-spec.ts': 'signed links, which need no token, and uploads that break off',
  'media-messages.e2e-spec.ts': 'signed links, and files of the simulator',
  'wa-network.e2e-spec.ts': 'downloads from WhatsApp, as Baileys makes them',
  'webhook-formats.e2e-spec.ts': 'signed links',
};

/** What must not compile: the compiler says so when one of these lines is no error any more. */
export const misuse = async (api: ApiClient, id: string) => {
  // @ts-expect-error: no such path
  await api.ok('GET /v1/session');
  // @ts-expect-error: no such method there
  await api.ok('DELETE /v1/sessions');
  // @ts-expect-error: nothing is known of the path
  await api.ok(id);
  // @ts-expect-error: no such parameter
  await api.ok('GET /v1/sessions?colour=red');
  // @ts-expect-error: no such value
  await api.ok('GET /v1/sessions', { limit: 'all' });
  // @ts-expect-error: a body is missing
  await api.ok('POST /v1/webhooks');
  // @ts-expect-error: a field is missing
  await api.ok('POST /v1/webhooks', {});
  // @ts-expect-error: no such field
  await api.under(`/v1/sessions/${id}`).call('POST /messages', { to: id, type: 'text', text: 'hi', colour: 'red' });
  // @ts-expect-error: no such field in the answer
  return (await api.ok(`GET /v1/sessions/${id}`)) satisfies { pages: unknown };
};

describe('the end-to-end tests', () => {
  it('call the API through the client', () => {
    const past = files.filter((file) => /\bfetch\(|\bhttpRequest\(|\bHttpClient\b/.test(read(file)));
    expect(past).toEqual(Object.keys(PAST_THE_CLIENT));
  });

  it('do not say themselves what the API answers', () => {
    const claims = files.flatMap((file) =>
      [
        ...read(file).matchAll(/\b(?:tenant|session|admin|other|stranger)\.api(?:\.under\([^)]*\))?\.(?:ok|call)</g),
      ].map(([claim]) => `${file}: ${claim}`),
    );
    expect(claims).toEqual([]);
  });
});
