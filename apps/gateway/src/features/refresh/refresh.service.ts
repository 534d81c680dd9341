import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { HistorySync } from '@app/database/entities/history-sync.entity.js';
import type { Actor } from '@app/platform/auth/actor.js';
import type { ReadCollection } from '@app/whatsapp/api/app-state.js';
import type { PreKeySupply } from '@app/whatsapp/api/pre-keys.js';
import { ChatOrdersService } from '../chats/chat-orders.service.js';
import { HistoryService } from '../chats/history.service.js';
import { GroupsService } from '../groups/groups.service.js';
import { PrivacyService } from '../privacy/privacy.service.js';
import { command, problemOf, SessionCommandsService } from '../sessions/session-commands.service.js';
import { SessionsService } from '../sessions/sessions.service.js';

export const refreshSteps = ['reconnect', 'preKeys', 'appState', 'privacy', 'groups', 'history'] as const;
type Step = (typeof refreshSteps)[number];

/** Which steps are wanted; `repair` is about how the app state is read. */
export type RefreshWishes = Record<Step | 'repair', boolean>;

/** What became of a step; without a problem it is done. */
export interface RefreshStep {
  step: Step;
  problem: { code: string; detail: string } | null;
  durationMs: number;
}

export interface Refreshed {
  steps: RefreshStep[];
  preKeys?: PreKeySupply;
  collections?: ReadCollection[];
  groups?: number;
  history?: HistorySync;
}

const refill = command<null, PreKeySupply>('refresh.pre-keys');

/** Puts a session that seems to have missed something in order again. */
@Injectable()
export class RefreshService implements OnModuleInit {
  constructor(
    private readonly sessions: SessionsService,
    private readonly commands: SessionCommandsService,
    private readonly orders: ChatOrdersService,
    private readonly histories: HistoryService,
    private readonly groups: GroupsService,
    private readonly privacy: PrivacyService,
  ) {}

  onModuleInit(): void {
    this.commands.on(refill, ({ own }) => own.preKeys.refill());
  }

  /** Throws what a session without a connection throws; whatever else goes wrong is told by the steps. */
  async refresh(actor: Actor, id: string, wishes: RefreshWishes): Promise<Refreshed> {
    const refreshed: Refreshed = { steps: [] };
    const works: Record<Step, () => Promise<unknown>> = {
      reconnect: () => this.sessions.reconnect(actor, id),
      preKeys: async () => (refreshed.preKeys = await this.commands.run(actor, id, refill, null)),
      appState: async () => (refreshed.collections = await this.readAppState(actor, id, wishes.repair)),
      // Asking is enough: what it answers decides from now on whether senders hear that they were read.
      privacy: () => this.privacy.get(actor, id),
      groups: async () => (refreshed.groups = await this.groups.sync(actor, id)),
      history: async () => (refreshed.history = await this.histories.requestAll(actor, id, {})),
    };
    await this.sessions.get(actor, id);
    for (const step of refreshSteps.filter((name) => wishes[name])) {
      const start = performance.now();
      const problem = await works[step]().then(() => null, problemOf);
      refreshed.steps.push({ step, problem, durationMs: Math.round(performance.now() - start) });
    }
    return refreshed;
  }

  private readAppState(actor: Actor, id: string, repairs: boolean): Promise<ReadCollection[]> {
    return this.orders.resyncSettings(actor, id, { isFull: false, repairs });
  }
}
