import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Destination, type DestinationKind } from '@app/database/entities/destination.entity.js';
import { Event } from '@app/database/entities/event.entity.js';
import { MediaFile } from '@app/database/entities/media-file.entity.js';
import { Message } from '@app/database/entities/message.entity.js';
import { Replay } from '@app/database/entities/replay.entity.js';
import { newId } from '@app/platform/ids/id.js';
import { aSession } from '@app/testing/builders.js';
import type { GatewayUnderTest } from '@app/testing/use-gateway.js';

/** Ids of existing rows of one tenant, by the path segment that stands before them: `/sessions/{id}`. */
export type RowIds = Record<string, string>;

/** A tenant with one row of everything that can be named in a path. A new kind of resource belongs in here. */
export async function tenantWithEverything(gateway: GatewayUnderTest): Promise<{ token: string; ids: RowIds }> {
  const tenant = await gateway.aTenant();
  const created = await gateway.call('POST /v1/tokens', { token: tenant.token, body: { name: 'x' } });
  const session = await aSession(gateway.db, tenant.id);
  const message = await aMessage(gateway.db, tenant.id, session.id);
  const destination = await aDestination(gateway.db, tenant.id);
  const event = await anEvent(gateway.db, tenant.id, session.id);
  const media = await aMediaFile(gateway.db, tenant.id);
  const delivery = await aDelivery(gateway.db, tenant.id, destination, event);
  const ids = {
    tokens: created.body.id,
    sessions: session.id,
    messages: message,
    chats: '6281234567890',
    webhooks: destination,
    destinations: await aDestination(gateway.db, tenant.id, 'redis'),
    events: event,
    deliveries: delivery,
    'dead-letters': delivery,
    archive: delivery,
    replays: await aReplay(gateway.db, tenant.id),
    media,
  };
  return { token: tenant.token, ids };
}

async function aMessage(db: DataSource, tenantId: string, sessionId: string): Promise<string> {
  const id = newId('message');
  await db.getRepository(Message).insert({
    id,
    tenantId,
    sessionId,
    chatId: '6281234567890',
    messageId: randomBytes(8).toString('hex').toUpperCase(),
    senderId: '6281111111111',
    fromMe: true,
    type: 'text',
    text: 'secret',
    status: 'sent',
    timestamp: new Date(),
  });
  return id;
}

async function aDestination(db: DataSource, tenantId: string, kind: DestinationKind = 'webhook'): Promise<string> {
  const id = newId(kind === 'webhook' ? 'webhook' : 'destination');
  await db.getRepository(Destination).insert({
    id,
    tenantId,
    kind,
    url: 'https://example.com/hook',
    sealedSecrets: randomBytes(32),
  });
  return id;
}

async function anEvent(db: DataSource, tenantId: string, sessionId: string): Promise<string> {
  const id = newId('event');
  const fact: Partial<Event> = {
    id,
    tenantId,
    sessionId,
    sequence: '1',
    type: 'test',
    data: {},
    transactionId: '1',
    timestamp: new Date(),
  };
  await db.getRepository(Event).insert(fact);
  return id;
}

async function aMediaFile(db: DataSource, tenantId: string): Promise<string> {
  const id = newId('media');
  await db.getRepository(MediaFile).insert({
    id,
    tenantId,
    status: 'ready',
    origin: 'upload',
    sha256: '00',
    sourceSha256: '00',
    mimeType: 'text/plain',
    sizeBytes: 1,
    storageKey: `${tenantId}/${id}`,
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  return id;
}

async function aDelivery(db: DataSource, tenantId: string, destinationId: string, eventId: string): Promise<string> {
  const delivery = { tenantId, destinationId, eventId, laneId: '1', status: 'dead' as const };
  const { identifiers } = await db.getRepository(Delivery).insert(delivery);
  return String(identifiers[0]?.id);
}

async function aReplay(db: DataSource, tenantId: string): Promise<string> {
  const id = newId('replay');
  const source = { of: 'events', tenantId, range: {} };
  await db.getRepository(Replay).insert({ id, tenantId, source, total: 0, finishedAt: new Date() });
  return id;
}

/** The path with ids for its parameters; throws for a kind of resource that has no row here. */
export function fillPath(path: string, idOf: (resource: string, position: number) => string | undefined): string {
  const segments = path.split('/');
  let position = 0;
  return segments
    .map((segment, i) => {
      if (!segment.startsWith('{')) return segment;
      const resource = segments[i - 1] ?? '';
      const id = idOf(resource, position);
      position += 1;
      if (!id) throw new Error(`another-tenant.ts has no row for /${resource}/${segment} of ${path}`);
      return encodeURIComponent(id);
    })
    .join('/');
}
