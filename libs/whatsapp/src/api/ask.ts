import { AppError, unavailable } from '@app/platform/errors/app-error.js';

/**
 * Asks WhatsApp something. Baileys resolves with nothing when there is no answer in time, and then trips over that; what
 * WhatsApp refuses has a code.
 */
export async function ask<T>(question: Promise<T | undefined>): Promise<T> {
  let answer: T | undefined;
  try {
    answer = await question;
  } catch (error) {
    const status = (error as { data?: unknown; output?: { statusCode?: number } }).output?.statusCode;
    if (error instanceof TypeError) throw noAnswer(error);
    if (status === 403 || status === 401)
      throw new AppError('forbidden', 'whatsapp.forbidden', 'WhatsApp does not allow that.', { cause: error });
    if (status === 404) throw new AppError('not-found', 'whatsapp.not-found', 'WhatsApp knows none.', { cause: error });
    throw unavailable('whatsapp.failed', 'WhatsApp did not do it; try again.', error);
  }
  if (answer === undefined) throw noAnswer();
  return answer;
}

const noAnswer = (cause?: unknown) =>
  new AppError('timeout', 'whatsapp.no-answer', 'WhatsApp did not answer in time.', { cause });
