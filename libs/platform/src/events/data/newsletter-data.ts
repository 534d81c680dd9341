import { an, flag, Has, integer, list, MayHave, orNull, text, time, words } from './schema.js';
import type { Schema } from './schema.js';
import { WaPerson } from './wa-person.js';

const pictures = ['changed', 'removed'] as const;
const leavings = ['left', 'deleted'] as const;
export type NewsletterLeaving = (typeof leavings)[number];
const byEmoji: Schema = { type: 'object', additionalProperties: true };

class NewsletterEventData {
  @Has(text, 'Of the newsletter.') chatId: string;
  @Has(time) at: string;
}

/** What a newsletter is like; absent fields say nothing. */
export class NewsletterFeatures {
  @MayHave(text) name?: string;
  @MayHave(text) description?: string;
  @MayHave(words(pictures)) picture?: (typeof pictures)[number];
  @MayHave(text, 'Which reactions readers may give: `all`, `basic`, `none` …') reactions?: string;
  @MayHave(text, 'Such as `active`, `suspended`.') state?: string;
}

export class NewsletterJoinedData extends NewsletterEventData {
  @Has(an(NewsletterFeatures), 'As far as WhatsApp tells.') newsletter: NewsletterFeatures;
}

export class NewsletterLeftData extends NewsletterEventData {
  @Has(words(leavings), 'The account follows it no longer, or the newsletter is no more.') reason: NewsletterLeaving;
}

/** Somebody who has another role in a newsletter now. */
export class NewsletterRoleData {
  @Has(an(WaPerson)) person: WaPerson;
  @Has(text, '`owner`, `admin`, `subscriber` …') role: string;
}

export class NewsletterUpdatedData extends NewsletterEventData {
  @Has(an(NewsletterFeatures), 'What changed, as it is now.') changes: NewsletterFeatures;
  @Has(list(an(NewsletterRoleData))) roles: NewsletterRoleData[];
}

export class NewsletterMutedData extends NewsletterEventData {
  @Has(flag) isMuted: boolean;
}

export class NewsletterReactionData extends NewsletterEventData {
  @Has(text, 'Number of the post in its newsletter, as `context.serverId` of the post has it.') serverId: string;
  @Has(orNull(text), 'Null: a reaction was taken back.') emoji: string | null;
  @Has(orNull(integer), 'How many gave it by now.') count: number | null;
}

/** How a post is received. */
export class PostFigures {
  @Has(text, 'Number of the post in its newsletter.') serverId: string;
  @Has(orNull(integer)) views: number | null;
  @Has(orNull(byEmoji), 'How many gave each emoji; null when that is not told.')
  reactions: Record<string, number> | null;
}

export class NewsletterLiveData extends NewsletterEventData {
  @Has(list(an(PostFigures))) posts: PostFigures[];
}
