import type { EntityManager, EntityMetadata } from 'typeorm';

/** The tables with such a column, taken from the entities, so that a new one can't be forgotten. */
export const tablesWith = (
  { connection }: EntityManager,
  property: 'tenantId' | 'sessionId' | 'userId',
): EntityMetadata[] =>
  connection.entityMetadatas.filter(({ columns }) => columns.some(({ propertyName }) => propertyName === property));
