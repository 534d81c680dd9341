import { AppError, unavailable } from '@app/platform/errors/app-error.js';

const RETRY_AFTER_SECONDS = 60;

/** What a failed call to WhatsApp means to the caller. A query without an answer resolves to nothing in Baileys, which then stumbles. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = refusalOf(error);
  if (error instanceof TypeError || code === 408) return timedOut(error);
  if (code === 403 || code === 401)
    return new AppError('forbidden', 'whatsapp.forbidden', 'WhatsApp does not allow that.', { cause: error });
  if (code === 404) return new AppError('not-found', 'whatsapp.not-found', 'WhatsApp knows none.', { cause: error });
  if (code === 429) return rateLimited(error);
  if (code === 463) return restricted(error);
  if (code === 428 || /closed|ended|terminated/i.test((error as Error).message))
    return unavailable('session.not-connected', 'WhatsApp could not be reached.', error);
  return unavailable('whatsapp.failed', `WhatsApp refused it (${code}).`, error);
}

/** The code with which WhatsApp refused: Baileys puts that of a query into `data`, others into the status. */
export function refusalOf(error: unknown): number | undefined {
  const { data, output } = (error ?? {}) as { data?: unknown; output?: { statusCode?: number } };
  return typeof data === 'number' ? data : output?.statusCode;
}

const rateLimited = (cause: unknown) =>
  new AppError('rate-limited', 'whatsapp.rate-limited', 'WhatsApp wants to be asked less often; try again later.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });

const restricted = (cause: unknown) => {
  const detail = 'WhatsApp holds the account back from people who never wrote to it, for a while.';
  return new AppError('forbidden', 'whatsapp.restricted', detail, { cause });
};

export const timedOut = (cause?: unknown) =>
  new AppError('timeout', 'whatsapp.no-answer', 'WhatsApp did not answer in time.', { cause });
