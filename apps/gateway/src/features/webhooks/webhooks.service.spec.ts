import { DeliveryLane } from '@app/database/entities/delivery-lane.entity.js';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Destination } from '@app/database/entities/destination.entity.js';
import { useFeature } from '@app/testing/use-feature.js';
import { Webhook } from 'standardwebhooks';
import { TargetsService } from '../destinations/targets.service.js';
import { WebhooksModule } from './webhooks.module.js';
import { WebhooksService } from './webhooks.service.js';

const url = 'https://hooks.example.com/in';

describe('WebhooksService', () => {
  const app = useFeature(WebhooksModule, { config: { roles: ['api'] } });
  const webhooks = () => app.get(WebhooksService);

  it('creates an enabled webhook for everything and shows its secret once, sealed in the database', async () => {
    const actor = await app.aUser();
    const { webhook, secret } = await webhooks().create(actor, { url });
    expect(webhook).toMatchObject({ url, types: [], sessionIds: [], isEnabled: true, tenantId: actor.tenantId });
    expect(() => new Webhook(secret)).not.toThrow();
    const { sealedSecrets } = await app.db
      .getRepository(Destination)
      .findOneOrFail({ where: { id: webhook.id }, select: { sealedSecrets: true } });
    expect(sealedSecrets.includes(secret)).toBe(false);
    expect(await webhooks().get(actor, webhook.id)).not.toHaveProperty('sealedSecrets');
  });

  it('changes what is given and leaves the rest', async () => {
    const actor = await app.aUser();
    const { id } = await app.aSession(actor.tenantId);
    const { webhook } = await webhooks().create(actor, { url, types: ['message.*'], sessionIds: [id] });
    await webhooks().update(actor, webhook.id, { isEnabled: false });
    const changed = await webhooks().update(actor, webhook.id, { types: ['test', 'test'] });
    expect(changed).toMatchObject({ url, types: ['test'], sessionIds: [id], isEnabled: false });
  });

  it.each([
    [{ types: ['message.received', 'message.eaten'] }, 'webhook.unknown-type', '/types/1'],
    [{ types: ['webhook*'] }, 'webhook.unknown-type', '/types/0'],
    [{ sessionIds: ['ses_nobodys'] }, 'webhook.unknown-session', '/sessionIds/0'],
    [{ url: 'http://169.254.169.254/' }, 'outbound.refused', '/url'],
    [{ url: 'http://[::1]:3000/' }, 'outbound.refused', '/url'],
  ])('refuses %j and names the field', async (input, code, pointer) => {
    const attempt = webhooks().create(await app.aUser(), { url, ...input });
    await expect(attempt).rejects.toMatchObject({ code, extra: { errors: [{ pointer }] } });
  });

  it("refuses another tenant's session", async () => {
    const theirs = await app.aSession((await app.aUser()).tenantId);
    const attempt = webhooks().create(await app.aUser(), { url, sessionIds: [theirs.id] });
    await expect(attempt).rejects.toMatchObject({ code: 'webhook.unknown-session' });
  });

  it('allows 20 a tenant, also when many are created at once', async () => {
    const actor = await app.aUser();
    const attempts = await Promise.allSettled(Array.from({ length: 25 }, () => webhooks().create(actor, { url })));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    await expect(webhooks().create(actor, { url })).rejects.toMatchObject({ code: 'destination.limit-reached' });
  });

  it('pages through the webhooks of the tenant', async () => {
    const actor = await app.aUser();
    for (const path of ['a', 'b', 'c']) await webhooks().create(actor, { url: `https://example.com/${path}` });
    const first = await webhooks().list(actor, { limit: 2 });
    const second = await webhooks().list(actor, { limit: 2, cursor: first.nextCursor! });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
  });

  it('removes a webhook with its lanes and deliveries', async () => {
    const actor = await app.aUser();
    const { webhook } = await webhooks().create(actor, { url });
    await webhooks().test(actor, webhook.id);
    await webhooks().remove(actor, webhook.id);
    const where = { destinationId: webhook.id };
    expect(await app.db.getRepository(Delivery).countBy(where)).toBe(0);
    expect(await app.db.getRepository(DeliveryLane).countBy(where)).toBe(0);
    await expect(webhooks().get(actor, webhook.id)).rejects.toMatchObject({ code: 'webhook.not-found' });
  });

  it("answers another tenant's webhook as if there were none", async () => {
    const { webhook } = await webhooks().create(await app.aUser(), { url });
    const stranger = await app.aUser();
    for (const attempt of [
      () => webhooks().get(stranger, webhook.id),
      () => webhooks().update(stranger, webhook.id, { isEnabled: false }),
      () => webhooks().remove(stranger, webhook.id),
      () => webhooks().test(stranger, webhook.id),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'webhook.not-found' });
    expect((await webhooks().list(stranger, { limit: 10 })).items).toEqual([]);
  });

  it('sends no test to a disabled webhook', async () => {
    const actor = await app.aUser();
    const { webhook } = await webhooks().create(actor, { url });
    await webhooks().update(actor, webhook.id, { isEnabled: false });
    await expect(webhooks().test(actor, webhook.id)).rejects.toMatchObject({ code: 'webhook.disabled' });
  });

  it('disables a webhook that has failed for days, and says so', async () => {
    const actor = await app.aUser();
    const targets = app.get(TargetsService);
    const { webhook } = await webhooks().create(actor, { url });
    await targets.noteFailure((await targets.find(webhook.id))!);
    expect(await webhooks().get(actor, webhook.id)).toMatchObject({
      isEnabled: true,
      failingSince: expect.any(Date) as Date,
    });
    await app.db.query(`UPDATE destinations SET failing_since = now() - interval '4 days' WHERE id = $1`, [webhook.id]);
    targets.forget(webhook.id);
    await targets.noteFailure((await targets.find(webhook.id))!);
    expect(await webhooks().get(actor, webhook.id)).toMatchObject({ isEnabled: false });
    expect(await targets.find(webhook.id)).toBeNull();
    expect(await app.events(actor.tenantId)).toEqual(['webhook.disabled']);
  });
});
