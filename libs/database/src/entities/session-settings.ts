/** Hours in which nothing but answers leaves; `from` later than `to` reaches over midnight. */
export interface QuietHours {
  /** `HH:MM` on the clocks of `timeZone`. */
  from: string;
  to: string;
  /** IANA name, such as `Asia/Jakarta`. */
  timeZone: string;
}

/** How fast a session sends; what is absent is not limited. */
export interface Pacing {
  messagesPerMinute?: number;
  /** How many may leave at once after a pause. */
  burst?: number;
  /** Up to this much is added to every wait, at random. */
  jitterMs?: number;
  quietHours?: QuietHours;
  /** How many people who have never been written to before may be written to in 24 hours. */
  newChatsPerDay?: number;
}

/** Calls that are rejected by themselves. */
export interface CallRejection {
  /** `all`, or the kinds of calls: `audio`, `video`, `group`, `unknown` (callers who are not in the address book). */
  kinds: string[];
  /** What the caller is written. */
  text?: string;
}

/** How the session calls itself on the phone, under "Linked devices". */
export interface SessionDevice {
  name?: string;
  /** Whose icon is shown: `chrome`, `firefox` … */
  browser?: string;
}

/** What a tenant has set for a session. */
export interface SessionSettings {
  pacing?: Pacing;
  /** Traits of events that no destination gets; they stay in the log. */
  skips?: string[];
  /** Kinds of the operator's destinations that get no events of the session. */
  globalSkips?: string[];
  /** Types of files that are downloaded as they come in; absent: those of the installation. */
  mediaDownload?: string[];
  /** Whether the account is shown as online while the session is connected; absent: it is not. */
  presence?: 'available' | 'unavailable';
  /** Messages that came in since then are marked as read by themselves. */
  autoRead?: { since: string };
  /** Seconds in which chats see somebody type before each message, or `auto`; absent: none. */
  typing?: number | 'auto';
  callRejection?: CallRejection;
  device?: SessionDevice;
}
