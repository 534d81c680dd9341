import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditEntry } from '@app/database/entities/audit-entry.entity.js';
import { newId } from '../ids/id.js';
import { currentContext } from '../logging/request-context.js';
import type { Actor } from './actor.js';

export interface AuditFact {
  actor: Actor | 'admin';
  /** Whose the change is; null for the installation's own settings. */
  tenantId: string | null;
  /** `thing.verb`, as in `session.create`. */
  action: string;
  /** Id of what was changed. */
  target: string | null;
}

/** Who changed what. Written in the transaction of the change, so neither exists without the other. */
@Injectable()
export class AuditLog {
  async record(tx: EntityManager, { actor, tenantId, action, target }: AuditFact): Promise<void> {
    await tx.insert(AuditEntry, {
      id: newId('audit'),
      tenantId,
      actor: actor === 'admin' ? 'admin' : actor.userId,
      action,
      target,
      requestId: currentContext().requestId ?? null,
    });
  }
}
