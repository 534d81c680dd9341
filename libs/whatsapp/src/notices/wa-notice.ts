import type {
  GroupBeginning,
  GroupFeatures,
  GroupRole,
  JoinRequestState,
  MembershipChange,
} from '@app/platform/events/data/group-data.js';
import type { NewsletterFeatures, NewsletterLeaving, PostFigures } from '@app/platform/events/data/newsletter-data.js';
import type { GroupSnapshot } from '../groups/group-snapshot.js';
import type { WaPerson } from '@app/platform/events/data/wa-person.js';

/** What WhatsApp tells about groups, newsletters, calls and people: one stanza may hold several. */
export interface WaNotice {
  /** The group, newsletter or person it is about. */
  chatId: string;
  /** Who did it; null when that is not told. */
  by: WaPerson | null;
  /** With whom it was done. */
  people: WaPerson[];
  at: Date;
  fact: GroupFact | NewsletterFact | CallFact | ContactFact | StatusFact;
}

export type GroupFact =
  /** The account is in a group that it was not in before; `roles` are those of `people`, in their order. */
  | {
      kind: 'group-created';
      how: GroupBeginning;
      features: GroupFeatures;
      roles: GroupRole[];
      foundedAt: Date | null;
      /** The whole of it, in the addresses of the stanza. */
      group: GroupSnapshot;
    }
  | { kind: 'group-updated'; features: GroupFeatures }
  | { kind: 'group-participants'; change: MembershipChange }
  | { kind: 'group-join-request'; state: JoinRequestState; method: string | null }
  | { kind: 'group-deleted' };

export type NewsletterFact =
  | { kind: 'newsletter-joined'; features: NewsletterFeatures }
  | { kind: 'newsletter-left'; reason: NewsletterLeaving }
  | { kind: 'newsletter-updated'; features: NewsletterFeatures }
  /** `people` are those whose role it is now. */
  | { kind: 'newsletter-role'; role: string }
  | { kind: 'newsletter-muted'; isMuted: boolean }
  /** A null emoji takes a reaction back. */
  | { kind: 'newsletter-reaction'; serverId: string; emoji: string | null; count: number | null }
  | { kind: 'newsletter-live'; posts: PostFigures[] };

/** One step of a call; `people` is its caller, `by` whoever took the step. */
export interface CallFact {
  kind: 'call';
  callId: string;
  step: 'offer' | 'accept' | 'reject' | 'terminate';
  /** Why it ended, in WhatsApp's words: `timeout`, `accepted_elsewhere` …; null when it is not told. */
  reason: string | null;
  isVideo: boolean;
  groupId: string | null;
  /** The device that calls, as WhatsApp spells it. */
  callerDevice: string | null;
}

/** `by` looked at statuses of this account. */
export interface StatusFact {
  kind: 'status-viewed';
  messageIds: string[];
  /** The address under which WhatsApp tells of it, as in other receipts. */
  viewerId: string;
}

/** About a person, who is the only one of `people`. */
export type ContactFact =
  | { kind: 'contact-picture'; picture: 'changed' | 'removed' }
  | { kind: 'contact-about'; about: string }
  | { kind: 'contact-blocked'; isBlocked: boolean };
