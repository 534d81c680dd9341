import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Call, CallState } from '@app/database/entities/call.entity.js';
import { runPrepared } from '@app/database/prepared.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';
import type { NewEvent } from '@app/platform/events/event-map.js';
import { phoneOf } from '@app/platform/ids/wa-id.js';
import type { EntityManager } from 'typeorm';
import { NoticesService, type Scene, type SeenNotice } from '../messaging/notices.service.js';
import { STEP_CALL } from './calls.queries.js';

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

/** Follows calls and tells their steps. */
@Injectable()
export class CallEventsService implements OnModuleInit {
  constructor(private readonly notices: NoticesService) {}

  onModuleInit(): void {
    this.notices.on('call', (tx, notice) => this.step(tx, notice));
  }

  private async step(tx: EntityManager, notice: SeenNotice<'call'>): Promise<NewEvent[]> {
    const { session, fact, people, at } = notice;
    const { tenantId, sessionId, account } = session;
    const caller = people[0] ?? notice.by;
    if (!caller) return [];
    const { callId, groupId, isVideo } = fact;
    const state = stateAfter(notice, caller.waId === account.waId);
    const values = [sessionId, callId, tenantId, caller.waId, groupId, isVideo, state, at];
    const [call] = await runPrepared<Pick<Call, 'callerId' | 'groupId' | 'isVideo' | 'state'>>(tx, STEP_CALL, values);
    if (!call) return [];
    const isOurs = fact.reason !== null && elsewhere[fact.reason] !== undefined;
    const by = isOurs ? account : notice.by;
    const data = {
      callId,
      chatId: call.groupId ?? partner(notice, caller),
      caller: caller.waId === call.callerId ? caller : personAt(call.callerId),
      isVideo: call.isVideo,
      groupId: call.groupId,
      by: by && { waId: by.waId, phone: by.phone, lid: by.lid, name: by.name },
      fromMe: by?.waId === account.waId,
      at: at.toISOString(),
    };
    return [{ tenantId, sessionId, type: types[call.state], data }];
  }
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
