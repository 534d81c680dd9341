import { ModulesContainer } from '@nestjs/core';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { entities } from '@app/database/entities.js';
import { useGateway } from '@app/testing/use-gateway.js';

/** Tables of the installation, and those that belong to a session, which belongs to a tenant. */
const withoutTenant = (columns: string[], table: string) => table === 'tenants' || columns.includes('sessionId');

describe('entities', () => {
  const gateway = useGateway();

  /** Names of the modules that register an entity. */
  const ownersOf = (entity: (typeof entities)[number]): string[] => {
    const owners: string[] = [];
    for (const module of gateway.get(ModulesContainer).values())
      for (const imported of module.imports)
        if (imported.metatype === TypeOrmModule && imported.providers.has(getRepositoryToken(entity)))
          owners.push(module.name);
    return owners;
  };

  it('are registered by exactly one module each', () => {
    const registered = entities.map((entity) => [entity.name, ownersOf(entity)] as const);
    expect(registered.filter(([, owners]) => owners.length !== 1)).toEqual([]);
  });

  it('belong to a tenant', () => {
    const loose = gateway.db.entityMetadatas
      .map(({ tableName, columns }) => ({ tableName, columns: columns.map(({ propertyName }) => propertyName) }))
      .filter(({ tableName, columns }) => !columns.includes('tenantId') && !withoutTenant(columns, tableName));
    expect(loose).toEqual([]);
  });

  it('are all in the one list', () => {
    expect(gateway.db.entityMetadatas.map(({ target }) => target)).toEqual(expect.arrayContaining(entities));
  });

  it('keep the tenant in every table that has rows of one', () => {
    const nullable = gateway.db.entityMetadatas
      // What operators do, and where they have events sent, is no tenant's.
      .filter(({ tableName }) => !['audit_entries', 'destinations'].includes(tableName))
      .flatMap(({ tableName, columns }) =>
        columns.filter((column) => column.propertyName === 'tenantId' && column.isNullable).map(() => tableName),
      );
    expect(nullable).toEqual([]);
  });
});
