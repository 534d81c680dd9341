import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { GroupFeatures } from '@app/platform/events/data/group-data.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { NoticesService, type Scene, type SeenNotice } from '../messaging/notices.service.js';
import { GroupStoreService } from './group-store.service.js';
import { newFeatures, newPeople, noLonger, orNothing } from './told-ahead.js';

/** Keeps the stored groups up to date with what happens in them, and tells it. */
@Injectable()
export class GroupEventsService implements OnModuleInit {
  constructor(
    private readonly notices: NoticesService,
    private readonly store: GroupStoreService,
  ) {}

  onModuleInit(): void {
    this.notices.on('group-created', async (tx, notice) => {
      const { session, chatId, fact } = notice;
      const ahead = await this.store.toldAheadOf(tx, session, chatId);
      await this.store.save(tx, session, [fact.group]);
      if (ahead) await this.store.setToldAhead(tx, session, chatId, null);
      return ahead?.isIn ? [] : [created(notice)];
    });
    this.notices.on('group-updated', async (tx, notice) => {
      const { session, chatId, at, by, fact } = notice;
      const ahead = await this.store.toldAheadOf(tx, session, chatId);
      await this.store.apply(tx, session, chatId, { features: fact.features, at, by });
      if (!ahead) return [updated(notice, fact.features)];
      const { news, rest } = newFeatures(ahead, fact.features);
      await this.store.setToldAhead(tx, session, chatId, orNothing(rest));
      return Object.keys(news).length ? [updated(notice, news)] : [];
    });
    this.notices.on('group-participants', async (tx, notice) => {
      const { session, chatId: groupId, people, fact } = notice;
      const ahead = await this.store.toldAheadOf(tx, session, groupId);
      await this.store.changeMembers(tx, session, { groupId, change: fact.change, people });
      if (!ahead) return changed(notice, people);
      const { news, rest } = newPeople(ahead, fact.change, people);
      await this.store.setToldAhead(tx, session, groupId, orNothing(isOwnEnd(notice) ? noLonger(rest) : rest));
      return news.length ? changed(notice, news) : [];
    });
    this.notices.on('group-join-request', (_, notice) => [requested(notice)]);
    this.notices.on('group-deleted', async (tx, notice) => {
      const { session, chatId } = notice;
      const ahead = await this.store.toldAheadOf(tx, session, chatId);
      await this.store.leave(tx, session, chatId);
      if (ahead) await this.store.setToldAhead(tx, session, chatId, null);
      return ahead?.isIn === false ? [] : [gone(notice, 'deleted')];
    });
  }
}

function created(notice: SeenNotice<'group-created'>): NewEvent {
  const { how, features: group, roles, foundedAt } = notice.fact;
  const participants = notice.people.map((person, index) => ({ ...person, role: roles[index] ?? ('member' as const) }));
  const data = { ...factsOf(notice), how, group, participants, foundedAt: foundedAt?.toISOString() ?? null };
  return { ...scopeOf(notice), type: 'group.created', data };
}

const updated = (notice: SeenNotice<'group-updated'>, changes: GroupFeatures): NewEvent => ({
  ...scopeOf(notice),
  type: 'group.updated',
  data: { ...factsOf(notice), changes },
});

/** The account leaves the group by this. */
const isOwnEnd = ({ session, people, fact: { change } }: SeenNotice<'group-participants'>): boolean =>
  (change === 'removed' || change === 'left') && people.some(({ waId }) => waId === session.account.waId);

function changed(notice: SeenNotice<'group-participants'>, participants: WaPerson[]): NewEvent[] {
  const { session, fact } = notice;
  const data = { ...factsOf(notice), change: fact.change, participants };
  const event: NewEvent = { ...scopeOf(notice), type: 'group.participants', data };
  const { change } = fact;
  const isOut = change === 'removed' || change === 'left';
  const isAboutUs = participants.some(({ waId }) => waId === session.account.waId);
  return isOut && isAboutUs ? [event, gone(notice, change)] : [event];
}

const requested = (notice: SeenNotice<'group-join-request'>): NewEvent => ({
  ...scopeOf(notice),
  type: 'group.join_request',
  data: {
    ...factsOf(notice),
    state: notice.fact.state,
    // Whoever asks for themselves is named as the one who did it.
    people: notice.people.length || !notice.by ? notice.people : [notice.by],
    method: notice.fact.method,
  },
});

const gone = (notice: Scene, reason: 'left' | 'removed' | 'deleted'): NewEvent => ({
  ...scopeOf(notice),
  type: 'group.left',
  data: { ...factsOf(notice), reason },
});

const scopeOf = ({ session: { tenantId, sessionId } }: Scene) => ({ tenantId, sessionId });

const factsOf = ({ chatId, by, fromMe, at }: Scene) => ({ chatId, by, fromMe, at: at.toISOString() });
