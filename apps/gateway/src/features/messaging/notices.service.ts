import { Injectable, Logger } from '@nestjs/common';
import { runPrepared } from '@app/database/prepared.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { readNotices } from '@app/whatsapp/notices/read-notice.js';
import type { WaNotice } from '@app/whatsapp/notices/wa-notice.js';
import type { JournalEntry } from '@app/whatsapp/signal/stanza-journal.js';
import type { EntityManager } from 'typeorm';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { IdentitiesService, type Identity } from './identities.service.js';
import type { ActingSession } from './message-projections.service.js';
import { LOCK_UNPROCESSED } from './notices.queries.js';

type Kind = WaNotice['fact']['kind'];
type FactOf<K extends Kind> = Extract<WaNotice['fact'], { kind: K }>;

/** Where, when and by whom something was done; everybody under all addresses that are known. */
export interface Scene extends Omit<WaNotice, 'fact'> {
  session: ActingSession;
  /** This account did it. */
  fromMe: boolean;
}

/** Something WhatsApp tells. */
export interface SeenNotice<K extends Kind = Kind> extends Scene {
  fact: FactOf<K>;
}

/** Answers the events that tell of it; runs in the transaction that marks the stanza as processed. */
export type NoticeHandler<K extends Kind> = (
  tx: EntityManager,
  notice: SeenNotice<K>,
) => Promise<NewEvent[]> | NewEvent[];

export interface JournalledNotice {
  session: LiveSession;
  entry: JournalEntry;
}

/** Where features that live on what WhatsApp tells beside messages get it: each stanza once, whatever crashes. */
@Injectable()
export class NoticesService {
  private readonly logger = new Logger(NoticesService.name);
  private readonly handlers = new Map<Kind, NoticeHandler<Kind>>();

  constructor(private readonly identities: IdentitiesService) {}

  on<K extends Kind>(kind: K, handler: NoticeHandler<K>): void {
    this.handlers.set(kind, handler as unknown as NoticeHandler<Kind>);
  }

  /** The events of stanzas that were not processed yet, and the sessions that learnt addresses from them. */
  async seen(tx: EntityManager, stanzas: JournalledNotice[]): Promise<{ events: NewEvent[]; learnt: LiveSession[] }> {
    if (!stanzas.length) return { events: [], learnt: [] };
    const fresh = await this.fresh(tx, stanzas);
    const notices = fresh.flatMap(({ session, entry }) =>
      this.read(entry).map((notice): SeenNotice => ({ session, fromMe: false, ...notice })),
    );
    const learnt = await this.learn(tx, notices);
    const events: NewEvent[] = [];
    for (const notice of await this.identified(tx, notices))
      events.push(...((await this.handlers.get(notice.fact.kind)?.(tx, notice)) ?? []));
    return { events, learnt: fresh.map(({ session }) => session).filter(({ sessionId }) => learnt.has(sessionId)) };
  }

  private async fresh(tx: EntityManager, stanzas: JournalledNotice[]): Promise<JournalledNotice[]> {
    const unprocessed = await runPrepared<{ sessionId: string; key: string }>(tx, LOCK_UNPROCESSED, [
      stanzas.map(({ session }) => session.sessionId),
      stanzas.map(({ entry }) => entry.key),
    ]);
    const keys = new Set(unprocessed.map(({ sessionId, key }) => `${sessionId} ${key}`));
    // The first of two in one batch.
    return stanzas.filter(({ session, entry }) => keys.delete(`${session.sessionId} ${entry.key}`));
  }

  /** What nobody can read now will not be readable later either: it is logged and done with. */
  private read(entry: JournalEntry): WaNotice[] {
    try {
      return readNotices(entry);
    } catch (error) {
      this.logger.error('a notification can not be read', error instanceof Error ? error.stack : undefined);
      return [];
    }
  }

  private async learn(tx: EntityManager, notices: SeenNotice[]): Promise<Set<string>> {
    const pairs = notices.flatMap((notice) =>
      peopleOf(notice).flatMap(({ lid, phone }): Identity[] => {
        const { tenantId, sessionId } = notice.session;
        return lid && phone ? [{ tenantId, sessionId, lid, phone }] : [];
      }),
    );
    const learnt = pairs.length ? await this.identities.learn(tx, pairs) : [];
    return new Set(learnt.map(({ sessionId }) => sessionId));
  }

  private async identified(tx: EntityManager, notices: SeenNotice[]): Promise<SeenNotice[]> {
    const unsure = notices.flatMap((notice) =>
      peopleOf(notice)
        .filter(({ lid, phone }) => !lid || !phone)
        .map(({ waId }) => ({ sessionId: notice.session.sessionId, waId })),
    );
    const addresses = await this.identities.addressesOf(tx, unsure);
    return notices.map((notice) => named(notice, (waId) => addresses(notice.session.sessionId, waId)));
  }
}

const peopleOf = ({ by, people }: Scene): WaPerson[] => (by ? [by, ...people] : people);

function named(notice: SeenNotice, addressesOf: (waId: string) => string[]): SeenNotice {
  const { session, by, people, chatId } = notice;
  const name = (person: WaPerson): WaPerson => {
    const addresses = [person.phone, person.lid, ...addressesOf(person.waId)];
    const phone = addresses.find((address) => address !== null && !address.includes('@')) ?? null;
    const lid = addresses.find((address) => address?.endsWith('@lid')) ?? null;
    const { account } = session;
    const isOwn = phone === account.waId || (lid !== null && lid === account.lid);
    if (isOwn) return { waId: account.waId, phone: account.phone, lid: account.lid ?? lid, name: account.name };
    return { waId: phone ?? person.waId, phone, lid, name: person.name };
  };
  const [doer, others] = [by && name(by), people.map(name)];
  const isPerson = !chatId.includes('@') || chatId.endsWith('@lid');
  return {
    ...notice,
    by: doer,
    people: others,
    fromMe: doer?.waId === session.account.waId,
    chatId: isPerson ? (addressesOf(chatId).find((address) => !address.includes('@')) ?? chatId) : chatId,
  };
}
