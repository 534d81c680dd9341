/** What ended a connection, as far as WhatsApp or the network told. */
export interface CloseReason {
  /** Status code of the failure; null when we ended it ourselves. */
  code: number | null;
  /** `type` of a `<conflict>` element, such as `replaced` or `device_removed`. */
  conflict: string | null;
  /** Seconds until WhatsApp wants to hear from us again (temporary bans). */
  expireSeconds: number | null;
  /** The QR codes ran out before anybody scanned one. */
  isPairingExpired: boolean;
}

interface Failure {
  message?: string;
  output?: { statusCode?: number };
  data?: { attrs?: Record<string, string> } & Record<string, unknown>;
}

const isVerdict = ({ message, output }: Failure) => output !== undefined && !message?.startsWith('WebSocket Error');

/** Reads what Baileys says when a connection has closed. */
export function closeReason(error: unknown): CloseReason {
  const failure = (error ?? {}) as Failure;
  const attrs = failure.data?.attrs ?? failure.data;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    // Only WhatsApp's own verdicts count as such; what TLS, DNS or a proxy say is a lost connection.
    code: error ? (isVerdict(failure) ? (failure.output?.statusCode ?? 408) : 408) : null,
    conflict: text(attrs?.type),
    expireSeconds: Number(text(attrs?.expire)) || null,
    isPairingExpired: failure.message === 'QR refs attempts ended',
  };
}

/** What to do about it. `wipe`: the login is worth nothing any more. */
export type Reaction =
  | { kind: 'restart' }
  | { kind: 'retry'; reason: string; minDelayMs: number }
  | {
      kind: 'stop';
      status: 'stopped' | 'disconnected' | 'logged_out' | 'banned' | 'failed';
      reason: string;
      wipe: boolean;
    };

const retry = (reason: string, minDelayMs = 0): Reaction => ({ kind: 'retry', reason, minDelayMs });
const stop = (status: Extract<Reaction, { kind: 'stop' }>['status'], reason: string, wipe = false): Reaction => ({
  kind: 'stop',
  status,
  reason,
  wipe,
});

const LONG_MS = 60_000;
/** How often in a row WhatsApp may call the session bad before we give up. */
const BAD_SESSIONS_TOLERATED = 5;

const reactions: Record<number, (close: CloseReason) => Reaction> = {
  515: () => ({ kind: 'restart' }),
  401: () => stop('logged_out', 'logged_out', true),
  440: ({ conflict }) =>
    conflict === 'device_removed' ? stop('logged_out', 'logged_out', true) : stop('disconnected', 'replaced'),
  403: () => stop('banned', 'banned'),
  405: () => stop('failed', 'client_outdated'),
  411: () => stop('failed', 'multidevice_mismatch'),
  402: ({ expireSeconds }) => retry('temporarily_banned', (expireSeconds ?? 600) * 1000),
  463: () => retry('restricted', LONG_MS),
  500: () => retry('bad_session'),
  501: () => retry('server_refused', LONG_MS),
  503: () => retry('service_unavailable'),
  400: () => retry('untrusted_server', LONG_MS),
  428: () => retry('connection_closed'),
  408: () => retry('connection_lost'),
};

/**
 * The table of close codes (docs/sessions.md). `failures` counts attempts in a row that did not reach `connected`.
 * 440 is never fought: whoever replaced us would be replaced in turn, for ever.
 */
export function reactionTo(close: CloseReason, failures: number): Reaction {
  if (close.isPairingExpired) return stop('stopped', 'pairing_expired');
  if (close.code === null) return stop('stopped', 'requested');
  if (close.code === 500 && failures >= BAD_SESSIONS_TOLERATED) return stop('failed', 'bad_session');
  return reactions[close.code]?.(close) ?? retry('connection_failed');
}

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 300_000;

/** Exponential back-off with full jitter; `random` is in [0, 1). After a dozen failures it stays at five minutes. */
export function retryDelayMs(failures: number, minDelayMs: number, random: number): number {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 12));
  return minDelayMs + Math.round(random * ceiling);
}
