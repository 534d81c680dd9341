import { AppError, conflict, invalid, notFound } from '@app/platform/errors/app-error.js';
import { asAppError, refusalOf, timedOut } from './failure.js';

/** What is asked for, as far as a refusal has to explain it. */
export interface Wish {
  /** The address or invite code that is named. */
  of: string;
  /** Who may do that, as a sentence. */
  may?: string;
  /** The field that WhatsApp can find fault with. */
  pointer?: string;
}

/** Asks WhatsApp something about a newsletter; what it refuses says what is wrong with it. */
export async function askNewsletter<T>(question: Promise<T | undefined>, wish: Wish): Promise<T> {
  const answer = await question.catch((error: unknown) => {
    throw refused(error, wish);
  });
  if (answer === undefined) throw timedOut();
  return answer;
}

function refused(error: unknown, { of, may, pointer = '' }: Wish): AppError {
  switch (Number(refusalOf(error))) {
    case 400:
    case 406:
      return invalid('newsletter.refused', pointer, 'WhatsApp does not take that for a newsletter.');
    case 401:
    case 403:
      return new AppError('forbidden', 'newsletter.forbidden', may ?? 'WhatsApp does not allow that.', {
        cause: error,
      });
    case 404:
      return notFound('newsletter', of);
    case 409:
      return conflict('newsletter.conflict', 'The newsletter is like that already, or was changed at the same moment.');
    case 410:
      return new AppError('gone', 'newsletter.deleted', 'The newsletter was deleted.', { cause: error });
    default:
      return asAppError(error);
  }
}
