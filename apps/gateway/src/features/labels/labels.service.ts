import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { LabelAssignment } from '@app/database/entities/label-assignment.entity.js';
import type { Label } from '@app/database/entities/label.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { LabelAssignmentSetting, LabelSetting } from '@app/whatsapp/updates/labels.js';
import type { WaUpdate } from '@app/whatsapp/updates/wa-update.js';
import { DataSource, type EntityManager } from 'typeorm';
import { IdentitiesService } from '../messaging/identities.service.js';
import { type LiveSession, SessionTrafficService, type TrafficHandler } from '../sessions/session-traffic.service.js';
import { APPLY_ASSIGNMENTS, APPLY_LABELS, MERGE_ASSIGNMENTS } from './labels.queries.js';

interface Owner {
  tenantId: string;
  sessionId: string;
}

type Changed<T> = Omit<T, 'sessionId' | 'tenantId'> & { isNew: boolean };

/** The labels of accounts and what they are on, wherever it was said, with the events that tell. Safe to repeat. */
@Injectable()
export class LabelsService implements Partial<TrafficHandler>, OnModuleInit {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    private readonly identities: IdentitiesService,
    private readonly outbox: Outbox,
    private readonly traffic: SessionTrafficService,
  ) {}

  onModuleInit(): void {
    this.traffic.register(this);
    this.identities.onLearnt(async (tx, pairs) => {
      await runPrepared(tx, MERGE_ASSIGNMENTS, [
        pairs.map(({ sessionId }) => sessionId),
        pairs.map(({ lid }) => lid),
        pairs.map(({ phone }) => phone),
      ]);
    });
  }

  onUpdate({ tenantId, sessionId }: LiveSession, update: WaUpdate): void {
    if (update.kind === 'settings') update.storing(this.apply({ tenantId, sessionId }, update.labels));
  }

  /** Stores what was said about labels, with the events that tell. */
  async apply(owner: Owner, settings: (LabelSetting | LabelAssignmentSetting)[]): Promise<void> {
    if (!settings.length) return;
    const labels = settings.filter((setting) => setting.kind === 'label');
    const assignments = settings.filter((setting) => setting.kind === 'assignment');
    await this.database.transaction(async (tx) => {
      const events = await this.edit(tx, owner, labels);
      events.push(...(await this.assign(tx, owner, assignments)));
      await this.outbox.add(tx, events);
    });
  }

  private async edit(tx: EntityManager, owner: Owner, settings: LabelSetting[]): Promise<NewEvent[]> {
    const labels = latest(settings, ({ labelId }) => labelId);
    if (!labels.length) return [];
    const changed = await runPrepared<Changed<Label>>(tx, APPLY_LABELS, [
      owner.sessionId,
      labels.map(({ labelId }) => labelId),
      labels.map(() => owner.tenantId),
      labels.map(({ name }) => name.replaceAll('\0', '')),
      labels.map(({ color }) => color),
      labels.map(({ isDeleted }) => isDeleted),
      labels.map(({ at }) => at),
    ]);
    const told = changed.filter(({ isNew, isDeleted }) => !isNew || !isDeleted);
    return told.map(({ labelId, name, color, isDeleted, changedAt }) => ({
      ...scopeOf(owner),
      type: 'label.edited',
      data: { labelId, name, color, isDeleted, at: changedAt.toISOString() },
    }));
  }

  private async assign(tx: EntityManager, owner: Owner, settings: LabelAssignmentSetting[]): Promise<NewEvent[]> {
    if (!settings.length) return [];
    const { sessionId } = owner;
    const lids = settings.filter(({ chatId }) => chatId.endsWith('@lid'));
    const phoneOf = await this.identities.phonesOf(
      tx,
      lids.map(({ chatId }) => ({ sessionId, lid: chatId })),
    );
    const resolved = settings.map((setting) => ({
      ...setting,
      chatId: phoneOf(sessionId, setting.chatId) ?? setting.chatId,
    }));
    const assignments = latest(resolved, ({ labelId, chatId, messageId }) => `${labelId} ${chatId} ${messageId ?? ''}`);
    const changed = await runPrepared<Changed<LabelAssignment>>(tx, APPLY_ASSIGNMENTS, [
      sessionId,
      assignments.map(({ labelId }) => labelId),
      assignments.map(({ chatId }) => chatId),
      assignments.map(({ messageId }) => messageId ?? ''),
      assignments.map(() => owner.tenantId),
      assignments.map(({ isAssigned }) => isAssigned),
      assignments.map(({ at }) => at),
    ]);
    const told = changed.filter(({ isNew, isAssigned }) => !isNew || isAssigned);
    return told.map(({ labelId, chatId, messageId, isAssigned, changedAt }) => ({
      ...scopeOf(owner),
      type: isAssigned ? 'label.assigned' : 'label.unassigned',
      data: { labelId, chatId, messageId: messageId || null, at: changedAt.toISOString() },
    }));
  }
}

const scopeOf = ({ tenantId, sessionId }: Owner) => ({ tenantId, sessionId });

/** The last word about each: a statement cannot change a row twice. */
function latest<T extends { at: Date }>(settings: T[], keyOf: (setting: T) => string): T[] {
  const last = new Map<string, T>();
  for (const setting of settings) {
    const known = last.get(keyOf(setting));
    if (!known || known.at <= setting.at) last.set(keyOf(setting), setting);
  }
  return [...last.values()];
}
