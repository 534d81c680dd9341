import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Delivery } from '@app/database/entities/delivery.entity.js';
import { Destination, type DestinationKind } from '@app/database/entities/destination.entity.js';
import { Event } from '@app/database/entities/event.entity.js';
import { MediaFile } from '@app/database/entities/media-file.entity.js';
import { Message } from '@app/database/entities/message.entity.js';
import { Replay } from '@app/database/entities/replay.entity.js';
import { SessionGrant } from '@app/database/entities/session-grant.entity.js';
import { newId } from '@app/platform/ids/id.js';
import { aSession } from '@app/testing/builders.js';
import type { GatewayUnderTest } from '@app/testing/use-gateway.js';

/** Ids of existing rows of one tenant, by the path segment that stands before them: `/sessions/{id}`. */
export type RowIds = Record<string, string>;

export interface TenantWithEverything {
  token: string;
  /** Tokens of staff: of one with whom the session is shared, and of one who has nothing. */
  staff: { shared: string; stranger: string };
  ids: RowIds;
}

/** A tenant with one row of everything with ids of ours. */
export async function tenantWithEverything(gateway: GatewayUnderTest): Promise<TenantWithEverything> {
  const tenant = await gateway.aTenant();
  const created = await gateway.call('POST /v1/tokens', { token: tenant.token, body: { name: 'x' } });
  const session = await aSession(gateway.db, tenant.id);
  const message = await aMessage(gateway.db, tenant.id, session.id);
  const destination = await aDestination(gateway.db, tenant.id);
  const event = await anEvent(gateway.db, tenant.id, session.id);
  const media = await aMediaFile(gateway.db, tenant.id);
  const delivery = await aDelivery(gateway.db, tenant.id, destination, event);
  const [shared, stranger] = [await aMember(gateway, tenant.id), await aMember(gateway, tenant.id)];
  const grant = { sessionId: session.id, userId: shared.id, tenantId: tenant.id, grantedBy: tenant.userId };
  await gateway.db.getRepository(SessionGrant).insert(grant);
  const ids = {
    access: shared.id,
    tokens: created.body.id,
    sessions: session.id,
    messages: message,
    webhooks: destination,
    destinations: await aDestination(gateway.db, tenant.id, 'redis'),
    events: event,
    deliveries: delivery,
    'dead-letters': delivery,
    archive: delivery,
    replays: await aReplay(gateway.db, tenant.id),
    media,
  };
  return { token: tenant.token, staff: { shared: shared.token, stranger: stranger.token }, ids };
}

async function aMember(gateway: GatewayUnderTest, tenantId: string): Promise<{ id: string; token: string }> {
  const { body } = await gateway.admin('POST /v1/admin/users', { tenantId, name: 'Ada', role: 'staff' });
  return body;
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

/** Parameters that name a row by themselves, whatever stands before them. */
const rowOfParameter: Record<string, string> = { sessionId: 'sessions', messageId: 'messages', mediaId: 'media' };

/** What names no row of ours: addresses of WhatsApp, codes, numbers. Routes differ in which of them they take for an id. */
const ADDRESSES = [
  '6281234567890',
  '120363000000000009@g.us',
  '120363000000000009@newsletter',
  '1',
  'AbCdEfGhIjKlMnOpQrStUv',
];

export interface PathParameter {
  /** The kind of row that it names; undefined for addresses and the like. */
  row: string | undefined;
  segment: number;
}

/** The parameters of a path, in order. */
export const pathParameters = (path: string, rows: RowIds): PathParameter[] =>
  path.split('/').flatMap((text, segment, segments) => {
    if (!text.startsWith('{')) return [];
    const kind = rowOfParameter[text.slice(1, -1)] ?? segments[segment - 1] ?? '';
    return [{ row: kind !== 'chats' && kind in rows ? kind : undefined, segment }];
  });

/** The path with ids for its parameters, once for each kind of address that what is no row may be. */
export function filledPaths(path: string, rows: RowIds, idOf: (kind: string, position: number) => string): string[] {
  const parameters = pathParameters(path, rows);
  const fill = (address: string) => {
    const segments = path.split('/');
    for (const [position, { row, segment }] of parameters.entries())
      segments[segment] = encodeURIComponent(row ? idOf(row, position) : address);
    return segments.join('/');
  };
  return parameters.every(({ row }) => row) ? [fill('')] : ADDRESSES.map(fill);
}
