import { chatKindOf } from '../ids/wa-id.js';
import type { NewEvent } from './event-map.js';
import { QUIET } from './quiet.js';

/**
 * What destinations and sessions filter events by, beside their type: the kind of chat, whether it is about something
 * this account did (`own`), and did through this API (`api`), whether it brings a file (`media`), or is about a call.
 */
export const eventTraits = [
  'person',
  'group',
  'newsletter',
  'status',
  'broadcast',
  'own',
  'api',
  'media',
  'call',
] as const;
export type EventTrait = (typeof eventTraits)[number];

interface Traceable {
  /** Null for what may be about a chat and is not, such as all of the history. */
  chatId?: string | null;
  chat?: { chatId: string };
  fromMe?: boolean;
  media?: unknown;
  message?: { chatId: string; fromMe: boolean; origin: string | null; content: object | null };
}

const groups: Record<string, EventTrait> = { group: 'group', newsletter: 'newsletter', status: 'status', call: 'call' };

/** Empty for what is about no chat, such as the status of a session. */
export function traitsOf({ type, data, isQuiet }: Pick<NewEvent, 'type' | 'data' | 'isQuiet'>) {
  const about = data as Traceable;
  const { message = { fromMe: about.fromMe, origin: null, content: null } } = about;
  const kind = groups[type.split('.')[0] ?? ''] ?? kindOf(about);
  const traits: (EventTrait | typeof QUIET)[] = kind ? [kind] : [];
  if (isQuiet) traits.push(QUIET);
  if (message.fromMe) traits.push('own');
  if (message.origin === 'api') traits.push('api');
  if (about.media || (message.content && 'media' in message.content)) traits.push('media');
  return traits;
}

function kindOf({ message, chat, chatId = message?.chatId ?? chat?.chatId }: Traceable): EventTrait | undefined {
  return chatId ? chatKindOf(chatId) : undefined;
}
