import { newId } from '@app/platform/ids/id.js';
import { Session } from '@app/database/entities/session.entity.js';
import { Tenant } from '@app/database/entities/tenant.entity.js';
import { User } from '@app/database/entities/user.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import type { DataSource } from 'typeorm';

/** An actor of a tenant of its own, without rows: enough for what only looks at the credential. */
export const aUser = (actor: Partial<Actor> = {}): Actor => ({
  tenantId: newId('tenant'),
  userId: newId('user'),
  role: 'owner',
  ...actor,
});

/** A stored tenant. */
export const aTenant = (database: DataSource, tenant: Partial<Tenant> = {}): Promise<Tenant> => {
  const tenants = database.getRepository(Tenant);
  return tenants.save(tenants.create({ id: newId('tenant'), name: 'Acme', status: 'active', ...tenant }));
};

/** A stored tenant with its owner, as the actor that the guard would make of the owner's token. */
export async function aStoredUser(database: DataSource, user: Partial<User> = {}): Promise<Actor> {
  const tenantId = user.tenantId ?? (await aTenant(database)).id;
  const users = database.getRepository(User);
  const { id, role } = await users.save(
    users.create({ id: newId('user'), name: 'Ada', role: 'owner', ...user, tenantId }),
  );
  return { tenantId, userId: id, role };
}

/** A stored session of a tenant. */
export const aSession = (database: DataSource, tenantId: string, session: Partial<Session> = {}): Promise<Session> => {
  const sessions = database.getRepository(Session);
  return sessions.save(
    sessions.create({
      id: newId('session'),
      name: 'Sales',
      desiredState: 'stopped',
      status: 'stopped',
      ...session,
      tenantId,
    }),
  );
};
