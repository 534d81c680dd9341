import { useStack } from '@app/testing/use-stack.js';
import type { GatewayTenant } from '@app/testing/gateway-process.js';

interface MediaBody {
  id: string;
  code: string;
  detail: string;
  errors: { pointer: string }[];
  mimeType: string;
  sizeBytes: number;
  sha256: string;
  fileName: string | null;
  link: string;
}

/** The one address that may be called: what is refused lies elsewhere on this machine. */
const OPEN = '127.0.0.2';

describe('the media library', () => {
  const stack = useStack({
    OUTBOUND_ALLOW: OPEN,
    MEDIA_MAX_BYTES: String(1024 * 1024),
    PUBLIC_URL: 'https://gw.example/',
  });
  let tenant: GatewayTenant;
  beforeAll(async () => void (tenant = await stack.gateway.aTenant()));

  const upload = async (content: Uint8Array | string, name = 'a.txt', fields: Record<string, string> = {}) => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('file', new Blob([content]), name);
    const response = await fetch(`${tenant.api.url}/v1/media`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenant.api.token}` },
      body: form,
    });
    return { status: response.status, body: (await response.json()) as MediaBody };
  };
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${tenant.api.url}${path}`, { headers: { authorization: `Bearer ${tenant.api.token}`, ...headers } });

  it('takes an upload and gives it back whole and in parts', async () => {
    const { status, body } = await upload('hello world', 'Straße (1).txt');
    expect(status).toBe(201);
    expect(body).toMatchObject({ mimeType: 'text/plain', sizeBytes: 11, fileName: 'Straße (1).txt' });
    const whole = await get(`/v1/media/${body.id}/content`);
    expect(await whole.text()).toBe('hello world');
    expect(whole.headers.get('content-disposition')).toContain("filename*=UTF-8''Stra%C3%9Fe%20%281%29.txt");
    const part = await get(`/v1/media/${body.id}/content`, { range: 'bytes=6-' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 6-10/11',
      'world',
    ]);
    const same = await get(`/v1/media/${body.id}/content`, { 'if-none-match': `"${body.sha256}"` });
    expect(same.status).toBe(304);
    expect((await get(`/v1/media/${body.id}/content`, { range: 'bytes=11-' })).status).toBe(416);
  });

  it('opens a signed link without a token, and no other', async () => {
    const { body } = await upload('by link');
    const url = body.link.replace('https://gw.example', tenant.api.url);
    const open = (link: string) => fetch(link);
    expect(await (await open(url)).text()).toBe('by link');
  });
});
