import { Destination } from '@app/database/entities/destination.entity.js';
import { TestAuthority, type Identity } from '@app/testing/certificates.js';
import { useFeature } from '@app/testing/use-feature.js';
import { TargetsService } from '../destinations/targets.service.js';
import { WebhookDto } from './webhooks.dto.js';
import { WebhooksModule } from './webhooks.module.js';
import { WebhooksService, type WebhookInput } from './webhooks.service.js';

const url = 'https://hooks.example.com/in';

describe('settings of a webhook', () => {
  const app = useFeature(WebhooksModule, { config: { roles: ['api'] } });
  const webhooks = () => app.get(WebhooksService);
  let authority: TestAuthority;
  let client: Identity;
  beforeAll(async () => {
    authority = await TestAuthority.create();
    client = await authority.issue('CN=acme');
  });

  const create = async (input: WebhookInput & { secret?: string } = {}) => {
    const actor = await app.aUser();
    const { webhook, secret } = await webhooks().create(actor, { url, ...input });
    const update = (changes: WebhookInput) => webhooks().update(actor, webhook.id, changes);
    return { actor, webhook, secret, update };
  };
  const secretsOf = async ({ id }: Destination) => {
    app.get(TargetsService).forget(id);
    return (await app.get(TargetsService).find(id))?.secrets;
  };
  const stored = async ({ id }: Destination) =>
    JSON.stringify(await app.db.query('SELECT * FROM destinations WHERE id = $1', [id]));

  it('are native with links when nothing is said', async () => {
    const { webhook } = await create();
    const shown = { format: 'native', media: 'link', headers: {}, tls: null, previousSecretUntil: null };
    expect(WebhookDto.from(webhook)).toMatchObject(shown);
  });

  it('merge headers by name, whatever its case, and show no value', async () => {
    const { webhook, update } = await create({ headers: { 'X-Key': 'a-secret', 'x-tag': 'blue' } });
    expect(await stored(webhook)).not.toContain('a-secret');
    const changed = await update({ headers: { 'x-KEY': 'another', 'X-Tag': null, authorization: 'Basic xyz' } });
    expect(WebhookDto.from(changed).headers).toEqual({ 'x-key': '***', authorization: '***' });
    expect(await secretsOf(webhook)).toMatchObject({ headers: { 'x-key': 'another', authorization: 'Basic xyz' } });
    await update({ media: 'none' });
    expect(await secretsOf(webhook)).toMatchObject({ headers: { 'x-key': 'another', authorization: 'Basic xyz' } });
    expect(WebhookDto.from(await update({ headers: null })).headers).toEqual({});
  });

  it.each([
    ['Content-Type', 'text/plain', '/headers/Content-Type'],
    ['host', 'example.com', '/headers/host'],
    ['webhook-id', 'x', '/headers/webhook-id'],
    ['Transfer-Encoding', 'chunked', '/headers/Transfer-Encoding'],
    ['proxy-authorization', 'x', '/headers/proxy-authorization'],
    ['x-hub-signature-256', 'x', '/headers/x-hub-signature-256'],
    ['x y', 'x', '/headers/x y'],
    ['x/y', 'x', '/headers/x~1y'],
    ['x-key', 'a\r\nb: c', '/headers/x-key'],
    ['x-key', 'ü', '/headers/x-key'],
    ['x-key', '', '/headers/x-key'],
    ['x-key', 7, '/headers/x-key'],
    ['x-key', 'x'.repeat(2001), '/headers/x-key'],
  ])('refuse the header %s: %j', async (name, value, pointer) => {
    await expect(create({ headers: { [name]: value } })).rejects.toMatchObject({
      code: 'webhook.header-refused',
      extra: { errors: [{ pointer }] },
    });
  });

  it('allow 20 headers', async () => {
    const headers = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x-${i}`, 'x']));
    const { update } = await create({ headers });
    await expect(update({ headers: { 'x-20': 'x' } })).rejects.toMatchObject({ code: 'webhook.header-refused' });
  });

  it('keep certificates sealed, and show whose they are and until when', async () => {
    const { webhook, update } = await create({ tls: { ca: authority.certificate, ...client } });
    const expiresAt = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    expect(WebhookDto.from(webhook).tls).toEqual({
      hasAuthority: true,
      certificate: { subject: 'CN=acme', expiresAt },
    });
    expect(await stored(webhook)).not.toContain('PRIVATE KEY');
    expect(WebhookDto.from(await update({ tls: { certificate: null, key: null } })).tls).toEqual({
      hasAuthority: true,
      certificate: null,
    });
    expect(await secretsOf(webhook)).toMatchObject({ tls: { ca: authority.certificate } });
    expect(WebhookDto.from(await update({ tls: null })).tls).toBeNull();
  });

  it.each<[string, () => Promise<WebhookInput['tls']>, string]>([
    ['no certificate at all', async () => Promise.resolve({ ca: 'hello' }), '/tls/ca'],
    ['a broken authority', async () => Promise.resolve({ ca: broken(authority.certificate) }), '/tls/ca'],
    ['a certificate without key', async () => Promise.resolve({ certificate: client.certificate }), '/tls/key'],
    ['a key without certificate', async () => Promise.resolve({ key: client.key }), '/tls/certificate'],
    ['no key', async () => Promise.resolve({ ...client, key: 'hello' }), '/tls/key'],
    ["another one's key", async () => ({ ...client, key: (await authority.issue('CN=b')).key }), '/tls/key'],
    ['a key that is too short', () => authority.issue('CN=weak', { rsaBits: 512 }), '/tls/certificate'],
    ['what has expired', () => authority.issue('CN=old', { days: -1 }), '/tls/certificate'],
  ])('refuse %s', async (_, tls, pointer) => {
    await expect(create({ tls: await tls() })).rejects.toMatchObject({
      code: 'webhook.certificate-invalid',
      extra: { errors: [{ pointer }] },
    });
  });

  it('refuse certificates without https, at once or later', async () => {
    const tls = { ca: authority.certificate };
    const plain = { code: 'webhook.tls-without-https' };
    await expect(create({ url: 'http://hooks.example.com', tls })).rejects.toMatchObject(plain);
    const { update } = await create({ tls });
    await expect(update({ url: 'http://hooks.example.com' })).rejects.toMatchObject(plain);
  });

  it("take a secret of the caller's own that fits the format", async () => {
    const own = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect((await create({ secret: own })).secret).toBe(own);
    expect((await create({ secret: 'a shared one'.replaceAll(' ', '-'), format: 'gowa' })).secret).toBe('a-shared-one');
    for (const [secret, format] of [
      ['a-shared-one', 'native'],
      ['whsec_AAAA', 'native'],
      ['short', 'digigo'],
      ['with space', 'wa-akg'],
    ] as const)
      await expect(create({ secret, format })).rejects.toMatchObject({
        code: 'webhook.secret-unfit',
        extra: { errors: [{ pointer: '/secret' }] },
      });
  });

  it('refuse a format that the secret does not fit', async () => {
    const { update } = await create({ secret: 'a-shared-one', format: 'gowa' });
    const unfit = { code: 'webhook.secret-unfit', extra: { errors: [{ pointer: '/format' }] } };
    await expect(update({ format: 'native' })).rejects.toMatchObject(unfit);
    await expect(update({ format: null })).rejects.toMatchObject(unfit);
    expect(WebhookDto.from(await update({ format: 'wa-akg' })).format).toBe('wa-akg');
  });

  it('refuse base64 where the format has no place for it', async () => {
    const unsupported = { code: 'webhook.media-unsupported' };
    await expect(create({ format: 'gowa', media: 'base64' })).rejects.toMatchObject(unsupported);
    const { update } = await create({ format: 'digigo', media: 'base64' });
    await expect(update({ format: 'wa-akg' })).rejects.toMatchObject(unsupported);
    expect(WebhookDto.from(await update({ format: 'wa-akg', media: null })).media).toBe('link');
  });

  it('keep the old secret for a while when it is rotated, or not at all', async () => {
    const { actor, webhook, secret } = await create({ headers: { 'x-key': 'kept' } });
    const rotated = await webhooks().rotateSecret(actor, webhook.id, { keepHours: 2 });
    expect(rotated.secret).not.toBe(secret);
    const { previousSecretUntil } = WebhookDto.from(rotated.webhook);
    expect(new Date(previousSecretUntil!).getTime() - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
    expect(await secretsOf(webhook)).toMatchObject({
      signing: rotated.secret,
      previous: { secret, until: previousSecretUntil },
      headers: { 'x-key': 'kept' },
    });
    const again = await webhooks().rotateSecret(actor, webhook.id, { keepHours: 0 });
    expect(await secretsOf(webhook)).toEqual({ signing: again.secret, headers: { 'x-key': 'kept' } });
    expect(WebhookDto.from(again.webhook).previousSecretUntil).toBeNull();
  });

  it("leave another tenant's secret alone", async () => {
    const { webhook } = await create();
    const attempt = webhooks().rotateSecret(await app.aUser(), webhook.id, { keepHours: 0 });
    await expect(attempt).rejects.toMatchObject({ code: 'webhook.not-found' });
  });
});

const broken = (pem: string) => pem.replace(/\n[A-Za-z0-9+/]{20}/, '\nAAAA');
