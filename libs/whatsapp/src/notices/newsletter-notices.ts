import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import type { NewsletterFeatures, PostFigures } from '@app/platform/events/data/newsletter-data.js';
import { toWaId } from '../map/jid.js';
import { actorOf, childrenOf, personOf, textIn, textOfChild, timeOfNode } from './notice-node.js';
import type { NewsletterFact, WaNotice } from './wa-notice.js';

type ChildReader = (child: BinaryNode) => NewsletterFact | null;

const readers: Record<string, ChildReader | undefined> = {
  reaction: (child) => {
    const emoji = textOfChild(child, 'reaction') || null;
    const count = child.attrs.count === undefined ? null : Number(child.attrs.count);
    return { kind: 'newsletter-reaction', serverId: child.attrs.message_id ?? '', emoji, count };
  },
  view: (child) => live([{ serverId: child.attrs.message_id ?? '', views: countIn(child), reactions: null }]),
  live_updates: (child) => {
    const posts = getBinaryNodeChildren(getBinaryNodeChild(child, 'messages') ?? child, 'message');
    return posts.length ? live(posts.map(figuresOf)) : null;
  },
  participant: ({ attrs }) => ({ kind: 'newsletter-role', role: attrs.role ?? 'subscriber' }),
  update: (child) => {
    const settings = getBinaryNodeChild(child, 'settings');
    const [name, description] = settings
      ? [textOfChild(settings, 'name'), textOfChild(settings, 'description')]
      : [null, null];
    if (name === null && description === null) return null;
    return {
      kind: 'newsletter-updated',
      features: { ...(name !== null && { name }), ...(description !== null && { description }) },
    };
  },
};

/** Reads `<notification type="newsletter">`, but for posts, which are messages. */
export function readNewsletterNotices(node: BinaryNode): WaNotice[] {
  const chatId = toWaId(node.attrs.from ?? '');
  return childrenOf(node).flatMap((child) => {
    const fact = readers[child.tag]?.(child);
    if (!fact) return [];
    const person = fact.kind === 'newsletter-role' ? personOf([child.attrs.jid]) : null;
    return [{ chatId, by: actorOf(node), people: person ? [person] : [], at: timeOfNode(node), fact }];
  });
}

const live = (posts: PostFigures[]): NewsletterFact => ({ kind: 'newsletter-live', posts });

const countIn = (node: BinaryNode): number => Number(textIn(node)) || 0;

function figuresOf(post: BinaryNode): PostFigures {
  const views = getBinaryNodeChild(post, 'views_count')?.attrs.count;
  const given = getBinaryNodeChild(post, 'reactions');
  const reactions = getBinaryNodeChildren(given, 'reaction').map(({ attrs: { code = '', count } }) => [
    code,
    Number(count) || 0,
  ]);
  return {
    serverId: post.attrs.server_id ?? post.attrs.message_id ?? '',
    views: views === undefined ? null : Number(views),
    reactions: given ? (Object.fromEntries(reactions) as Record<string, number>) : null,
  };
}

interface MexUpdate {
  jid?: string;
  id?: string;
  user?: string;
  mute?: string;
  settings?: MexSettings & { mute?: string };
  state?: { type?: string } | string;
  thread_metadata?: MexMetadata;
}

interface MexSettings {
  name?: unknown;
  description?: unknown;
  picture?: unknown;
  reaction_codes?: { value?: string };
}

interface MexMetadata {
  name?: { text?: string };
  description?: { text?: string };
  picture?: unknown;
  settings?: MexSettings;
}

interface MexBody {
  operation?: string;
  updates?: MexUpdate[];
  data?: Record<string, MexUpdate | undefined>;
}

/** What the answers of subscribed queries are called where they stand alone, and the operation that each belongs to. */
const paths: Record<string, string> = {
  xwa2_notify_newsletter_on_join: 'NotificationNewsletterJoin',
  xwa2_notify_newsletter_on_leave: 'NotificationNewsletterLeave',
  xwa2_notify_newsletter_on_mute_change: 'NotificationNewsletterUserSettingChange',
  xwa2_notify_newsletter_on_metadata_update: 'NotificationNewsletterUpdate',
  xwa2_notify_newsletter_on_state_change: 'NotificationNewsletterStateChange',
};

const mexFacts: Record<string, ((update: MexUpdate) => NewsletterFact | null) | undefined> = {
  NotificationNewsletterJoin: (update) => ({ kind: 'newsletter-joined', features: featuresOf(update) }),
  NotificationNewsletterLeave: () => ({ kind: 'newsletter-left', reason: 'left' }),
  NotificationNewsletterUserSettingChange: ({ mute, settings }) => {
    const value = (mute ?? settings?.mute)?.toUpperCase();
    return value ? { kind: 'newsletter-muted', isMuted: value === 'ON' } : null;
  },
  NotificationNewsletterUpdate: updated,
  NotificationNewsletterAdminMetadataUpdate: updated,
  NotificationNewsletterStateChange: ({ state }) => {
    const type = (typeof state === 'string' ? state : state?.type)?.toLowerCase();
    if (type === 'deleted') return { kind: 'newsletter-left', reason: 'deleted' };
    return type ? { kind: 'newsletter-updated', features: { state: type } } : null;
  },
  NotificationNewsletterAdminPromote: () => ({ kind: 'newsletter-role', role: 'admin' }),
  NotificationNewsletterAdminDemote: () => ({ kind: 'newsletter-role', role: 'subscriber' }),
};

/** Reads `<notification type="mex">`, of which Baileys passes on but three operations. */
export function readMexNotices(node: BinaryNode): WaNotice[] {
  return childrenOf(node).flatMap((child) => {
    const body = parsed(textIn(child));
    return body ? updatesIn(body, child.attrs.op_name).flatMap((found) => mexNotice(node, found)) : [];
  });
}

function parsed(text: string | null): MexBody | null {
  try {
    const body: unknown = JSON.parse(text ?? '');
    return typeof body === 'object' ? body : null;
  } catch {
    return null;
  }
}

interface FoundUpdate {
  operation: string;
  update: MexUpdate;
}

function updatesIn({ operation, updates, data }: MexBody, name: string | undefined): FoundUpdate[] {
  const known = operation ?? name;
  if (Array.isArray(updates) && known) return updates.map((update) => ({ operation: known, update }));
  return Object.entries(data ?? {}).flatMap(([path, update]) => {
    const named = paths[path];
    return named && update ? [{ operation: named, update }] : [];
  });
}

function mexNotice(node: BinaryNode, { operation, update }: FoundUpdate): WaNotice[] {
  const [id, fact] = [update.jid ?? update.id, mexFacts[operation]?.(update)];
  if (!id?.endsWith('@newsletter') || !fact) return [];
  const person = fact.kind === 'newsletter-role' ? personOf([update.user]) : null;
  return [{ chatId: id, by: null, people: person ? [person] : [], at: timeOfNode(node), fact }];
}

function updated(update: MexUpdate): NewsletterFact | null {
  const features = featuresOf(update);
  return Object.keys(features).length ? { kind: 'newsletter-updated', features } : null;
}

/** The same is said in two ways: as the settings of a newsletter, or as its metadata. */
function featuresOf({ settings = {}, thread_metadata: metadata = {} }: MexUpdate): NewsletterFeatures {
  const { name = metadata.name?.text, description = metadata.description?.text } = settings;
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof description === 'string' && { description }),
    ...pictureIn([settings.picture, metadata.picture]),
    ...reactionsIn(settings.reaction_codes ?? metadata.settings?.reaction_codes),
  };
}

const reactionsIn = (codes: MexSettings['reaction_codes']): NewsletterFeatures =>
  codes?.value ? { reactions: codes.value.toLowerCase() } : {};

/** Null says that it was removed, nothing that it stayed. */
function pictureIn(said: unknown[]): NewsletterFeatures {
  const picture = said.find((value) => value !== undefined);
  return picture === undefined ? {} : { picture: picture === null ? 'removed' : 'changed' };
}
