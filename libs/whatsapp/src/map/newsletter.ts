import { type NewsletterRole, newsletterRoles } from '@app/database/entities/wa-newsletter.entity.js';

/** What WhatsApp says of a newsletter; absent fields say nothing. Travels as JSON. */
export interface NewsletterFacts {
  newsletterId: string;
  name?: string;
  description?: string;
  inviteCode?: string;
  subscribers?: number;
  isVerified?: boolean;
  /** Such as `active`, `suspended`. */
  state?: string;
  role?: NewsletterRole;
  isMuted?: boolean;
  /** Which reactions readers may give: `all`, `basic`, `none` … */
  reactions?: string;
  /** Null when there is none. */
  pictureUrl?: string | null;
  /** RFC 3339 */
  foundedAt?: string;
}

interface Worded {
  text?: string | null;
}

interface PictureJson {
  url?: string | null;
  direct_path?: string | null;
}

/** A newsletter as WhatsApp's queries answer it; which parts are there differs by the query. */
export interface NewsletterJson {
  id?: string;
  state?: { type?: string | null } | null;
  thread_metadata?: {
    name?: Worded | null;
    description?: Worded | null;
    invite?: string | null;
    subscribers_count?: string | null;
    verification?: string | null;
    creation_time?: string | null;
    picture?: PictureJson | null;
    preview?: PictureJson | null;
    settings?: { reaction_codes?: { value?: string | null } | null } | null;
  } | null;
  viewer_metadata?: { mute?: string | null; role?: string | null } | null;
}

/** Where pictures are that come without an address of their own. */
const PICTURES = 'https://pps.whatsapp.net';

/** Reads the answer of a query. */
export function readNewsletter(json: NewsletterJson, newsletterId: string): NewsletterFacts {
  const { state, thread_metadata: thread, viewer_metadata: viewer } = json;
  const role = newsletterRoles.find((known) => known === viewer?.role?.toLowerCase());
  return {
    newsletterId: json.id ?? newsletterId,
    ...said({
      state: state?.type?.toLowerCase(),
      role,
      isMuted: viewer?.mute ? viewer.mute.toUpperCase() === 'ON' : undefined,
      ...(thread && readThread(thread)),
    }),
  };
}

/** Without what is not said; null and empty texts say something. */
export const said = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

function readThread(thread: NonNullable<NewsletterJson['thread_metadata']>) {
  const { name, description, invite, verification, settings } = thread;
  return {
    name: name?.text ?? undefined,
    description: description?.text ?? undefined,
    inviteCode: invite ?? undefined,
    isVerified: verification ? verification.toUpperCase() === 'VERIFIED' : undefined,
    reactions: settings?.reaction_codes?.value?.toLowerCase(),
    pictureUrl: pictureOf(thread),
    ...numbersOf(thread),
  };
}

/** WhatsApp writes numbers as texts here. */
function numbersOf({
  subscribers_count: count,
  creation_time: founded,
}: NonNullable<NewsletterJson['thread_metadata']>) {
  const [subscribers, seconds] = [Number(count ?? NaN), Number(founded ?? NaN)];
  return {
    subscribers: Number.isSafeInteger(subscribers) ? subscribers : undefined,
    foundedAt: seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000).toISOString() : undefined,
  };
}

/** Undefined when nothing is said of pictures. */
function pictureOf({ picture, preview }: NonNullable<NewsletterJson['thread_metadata']>): string | null | undefined {
  const shown = [picture, preview].find((one) => one?.direct_path ?? one?.url);
  if (shown) return shown.url ?? `${PICTURES}${shown.direct_path ?? ''}`;
  return picture === undefined && preview === undefined ? undefined : null;
}
