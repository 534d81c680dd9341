import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Call, CallState } from '@app/database/entities/call.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { Outbox } from '@app/platform/events/outbox.js';
import { phoneOf } from '@app/platform/ids/wa-id.js';
import type { EntityManager } from 'typeorm';
import type { ActingSession } from '../messaging/message-projections.service.js';
import { NoticesService, type Scene, type SeenNotice } from '../messaging/notices.service.js';
import { STEP_CALL } from './calls.queries.js';
import { RejectionRulesService } from './rejection-rules.service.js';

const types = {
  ringing: 'call.offered',
  accepted: 'call.accepted',
  rejected: 'call.rejected',
  missed: 'call.missed',
  ended: 'call.ended',
} as const;

/** Ends that a companion device is told when another device of the account took the call, or did not want it. */
const elsewhere: Record<string, CallState | undefined> = {
  accepted_elsewhere: 'accepted',
  rejected_elsewhere: 'rejected',
};

const NOT_REJECTED = { rejection: null, rejectionText: null };

type NewStep = Omit<Call, 'sessionId' | 'tenantId' | 'endedAt'>;
type Step = Pick<Call, 'callId' | 'callerId' | 'groupId' | 'isVideo' | 'state'>;

interface Told {
  by: WaPerson | ActingSession['account'] | null;
  caller: WaPerson;
  chatId: string;
  at: Date;
}

/** Follows calls and tells their steps. */
@Injectable()
export class CallEventsService implements OnModuleInit {
  constructor(
    private readonly notices: NoticesService,
    private readonly rules: RejectionRulesService,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.notices.on('call', (tx, notice) => this.step(tx, notice));
  }

  private async step(tx: EntityManager, notice: SeenNotice<'call'>): Promise<NewEvent[]> {
    const { session, fact, people, at } = notice;
    const caller = people[0] ?? notice.by;
    if (!caller) return [];
    const { callId, groupId, isVideo, callerDevice } = fact;
    const isOwn = caller.waId === session.account.waId;
    const state = stateAfter(notice, isOwn);
    const offer = { callId, callerId: caller.waId, groupId, isVideo, state, startedAt: at, callerDevice };
    const rejection = state === 'ringing' && !isOwn ? await this.rules.rejection(tx, session, offer) : null;
    const call = await this.store(tx, session, { ...offer, ...(rejection ?? NOT_REJECTED) });
    if (!call) return [];
    const isOurs = fact.reason !== null && elsewhere[fact.reason] !== undefined;
    const by = isOurs ? session.account : notice.by;
    const known = caller.waId === call.callerId ? caller : personAt(call.callerId);
    return [eventOf(session, call, { by, caller: known, chatId: call.groupId ?? partner(notice, caller), at })];
  }

  /** Notes that this session has rejected a call, and tells; nothing when the call was over before. */
  async rejected(tx: EntityManager, session: ActingSession, call: Call): Promise<void> {
    const at = new Date();
    const stepped = await this.store(tx, session, { ...call, state: 'rejected', startedAt: at });
    if (!stepped) return;
    const { account } = session;
    const chatId = call.groupId ?? call.callerId;
    const event = eventOf(
      session,
      { ...call, ...stepped },
      { by: account, caller: personAt(call.callerId), chatId, at },
    );
    await this.outbox.add(tx, [event]);
  }

  private async store(tx: EntityManager, { tenantId, sessionId }: ActingSession, call: NewStep): Promise<Step | null> {
    const { callId, callerId, groupId, isVideo, state, startedAt } = call;
    const { callerDevice, rejection, rejectionText } = call;
    const values = [sessionId, callId, tenantId, callerId, groupId, isVideo, state, startedAt];
    const [stepped] = await runPrepared<Omit<Step, 'callId'>>(tx, STEP_CALL, [
      ...values,
      ...[callerDevice, rejection, rejectionText],
    ]);
    return stepped ? { ...stepped, callId } : null;
  }
}

function eventOf({ tenantId, sessionId, account }: ActingSession, call: Step, told: Told): NewEvent {
  const { by, caller, chatId, at } = told;
  const data = {
    callId: call.callId,
    chatId,
    caller,
    isVideo: call.isVideo,
    groupId: call.groupId,
    by: by && { waId: by.waId, phone: by.phone, lid: by.lid, name: by.name },
    fromMe: by?.waId === account.waId,
    at: at.toISOString(),
  };
  return { tenantId, sessionId, type: types[call.state], data };
}

function stateAfter({ fact: { step, reason } }: SeenNotice<'call'>, isOwnCall: boolean): CallState {
  if (step === 'offer') return 'ringing';
  if (step === 'accept') return 'accepted';
  if (step === 'reject') return 'rejected';
  return elsewhere[reason ?? ''] ?? (isOwnCall ? 'ended' : 'missed');
}

/** With whom the call is: of an own one, whoever answers. */
const partner = ({ by, session }: Scene, caller: WaPerson): string =>
  caller.waId === session.account.waId && by ? by.waId : caller.waId;

const personAt = (waId: string): WaPerson => ({
  waId,
  phone: phoneOf(waId),
  lid: waId.endsWith('@lid') ? waId : null,
  name: null,
});
