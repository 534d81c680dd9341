import { AppError, unavailable } from '@app/platform/errors/app-error.js';

/** What a failed call to WhatsApp means to the caller. A query without an answer resolves to nothing in Baileys, which then stumbles. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { output, message } = error as { output?: { statusCode?: number }; message: string };
  const code = output?.statusCode;
  if (error instanceof TypeError || code === 408) return timedOut(error);
  if (code === 403 || code === 401)
    return new AppError('forbidden', 'whatsapp.forbidden', 'WhatsApp does not allow that.', {
      cause: error,
    });
  if (code === 404) return new AppError('not-found', 'whatsapp.not-found', 'WhatsApp knows none.', { cause: error });
  if (code === 428 || /closed|ended|terminated/i.test(message))
    return unavailable('session.not-connected', 'WhatsApp could not be reached.', error);
  return unavailable('whatsapp.failed', `WhatsApp refused it (${code}).`, error);
}

export const timedOut = (cause?: unknown) =>
  new AppError('timeout', 'whatsapp.no-answer', 'WhatsApp did not answer in time.', { cause });
