import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import type { FileBody } from '@app/platform/http/file-body.js';
import type { MediaSource } from '@app/platform/media/media-kind.js';
import type { NewsletterChanges, NewslettersApi, Terms } from '@app/whatsapp/api/newsletters.js';
import { type NewsletterFacts, said } from '@app/whatsapp/map/newsletter.js';
import { ProfilePicturesService } from '../media/profile-pictures.service.js';
import { IdentitiesService } from '../messaging/identities.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { NewsletterStoreService } from './newsletter-store.service.js';
import { NewslettersService, type ShownNewsletter } from './newsletters.service.js';

/** A newsletter by its address, or by the code of its invitation. */
export type NewsletterName = { newsletterId: string } | { inviteCode: string };

export interface NewNewsletter {
  name: string;
  description?: string;
  image?: MediaSource;
}

interface CreateInput extends Omit<NewNewsletter, 'image'> {
  /** A JPEG in base64. */
  picture?: string;
}

interface Named {
  newsletterId: string;
}

const create = command<CreateInput, NewsletterFacts>('newsletters.create');
const update = command<Named & { changes: NewsletterChanges }, NewsletterFacts>('newsletters.update');
const follow = command<NewsletterName, NewsletterFacts>('newsletters.follow');
const unfollow = command<NewsletterName, NewsletterFacts>('newsletters.unfollow');
const mute = command<Named & { isMuted: boolean }, NewsletterFacts>('newsletters.mute');
const remove = command<Named>('newsletters.delete');
const changeOwner = command<Named & { userId: string }, NewsletterFacts>('newsletters.change-owner');
const demote = command<Named & { userId: string }, NewsletterFacts>('newsletters.demote');
const acceptTerms = command<Terms>('newsletters.accept-terms');

/** Does things with newsletters on WhatsApp, and stores here what WhatsApp has taken. */
@Injectable()
export class NewsletterOrdersService implements OnModuleInit {
  constructor(
    private readonly newsletters: NewslettersService,
    private readonly store: NewsletterStoreService,
    private readonly identities: IdentitiesService,
    private readonly pictures: ProfilePicturesService,
    private readonly sessions: SessionsService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(create, async ({ newsletters }, order, session) => {
      const facts = { role: 'owner' as const, ...(await found(newsletters, order)) };
      return this.learn(session, facts, 'joined');
    });
    this.commands.on(update, async ({ newsletters }, { newsletterId, changes }, session) => {
      const { name, description, reactions } = changes;
      const answer = await newsletters.update(newsletterId, changes);
      // Where a new picture is, other answers need not say.
      const facts = changes.picture === undefined ? answer : await newsletters.info('jid', newsletterId);
      return this.learn(session, { ...facts, ...said({ name, description, reactions }) }, 'changed');
    });
    this.commands.on(follow, async ({ newsletters }, named, session) => {
      const { newsletterId } = await identified(newsletters, named);
      await newsletters.follow(newsletterId);
      return this.learn(session, await newsletters.info('jid', newsletterId), 'joined');
    });
    this.commands.on(unfollow, async ({ newsletters }, named, session) => {
      const facts = await identified(newsletters, named);
      await newsletters.unfollow(facts.newsletterId);
      return this.learn(session, { ...facts, role: 'guest' }, 'changed');
    });
    this.commands.on(mute, async ({ newsletters }, { newsletterId, isMuted }, session) => {
      await newsletters.mute(newsletterId, isMuted);
      return this.learn(session, { newsletterId, isMuted }, 'changed');
    });
    this.commands.on(remove, async ({ newsletters }, { newsletterId }, { tenantId, sessionId }) => {
      await newsletters.delete(newsletterId);
      const facts = { newsletterId, role: 'guest' as const, state: 'deleted' };
      await this.store.learn({ tenantId, sessionId }, facts, { how: 'changed', leaving: 'deleted' });
    });
    this.onPeople();
  }

  private onPeople(): void {
    this.commands.on(changeOwner, async ({ newsletters }, { newsletterId, userId }, session) => {
      await newsletters.changeOwner(newsletterId, await this.addressOf(session, userId));
      return this.learn(session, await newsletters.info('jid', newsletterId), 'asked');
    });
    this.commands.on(demote, async ({ newsletters }, { newsletterId, userId }, session) => {
      await newsletters.demote(newsletterId, await this.addressOf(session, userId));
      return this.learn(session, await newsletters.info('jid', newsletterId), 'asked');
    });
    this.commands.on(acceptTerms, ({ newsletters }, terms) => newsletters.acceptTerms(terms));
  }

  /** Throws what WhatsApp refuses; with a picture that it does not take nothing is left of it. */
  async create(actor: Actor, sessionId: string, { image, ...words }: NewNewsletter): Promise<ShownNewsletter> {
    await this.sessions.get(actor, sessionId);
    const picture = image && (await this.pictures.make(actor, image)).toString('base64');
    return this.shown(actor, sessionId, this.commands.run(actor, sessionId, create, { ...words, picture }));
  }

  update(actor: Actor, sessionId: string, newsletterId: string, changes: NewsletterChanges): Promise<ShownNewsletter> {
    if (!Object.keys(said(changes)).length) return this.newsletters.get(actor, sessionId, newsletterId, false);
    return this.shown(actor, sessionId, this.commands.run(actor, sessionId, update, { newsletterId, changes }));
  }

  /** Throws what a refused picture throws. */
  async setPicture(actor: Actor, sessionId: string, newsletterId: string, body: FileBody): Promise<ShownNewsletter> {
    await this.sessions.get(actor, sessionId);
    const picture = (await this.pictures.read(actor, body)).toString('base64');
    return this.update(actor, sessionId, newsletterId, { picture });
  }

  follow(actor: Actor, sessionId: string, named: NewsletterName): Promise<ShownNewsletter> {
    return this.shown(actor, sessionId, this.commands.run(actor, sessionId, follow, named));
  }

  unfollow(actor: Actor, sessionId: string, named: NewsletterName): Promise<ShownNewsletter> {
    return this.shown(actor, sessionId, this.commands.run(actor, sessionId, unfollow, named));
  }

  mute(actor: Actor, sessionId: string, newsletterId: string, isMuted: boolean): Promise<ShownNewsletter> {
    return this.shown(actor, sessionId, this.commands.run(actor, sessionId, mute, { newsletterId, isMuted }));
  }

  delete(actor: Actor, sessionId: string, newsletterId: string): Promise<void> {
    return this.commands.run(actor, sessionId, remove, { newsletterId });
  }

  changeOwner(actor: Actor, sessionId: string, newsletterId: string, userId: string): Promise<ShownNewsletter> {
    return this.shown(actor, sessionId, this.commands.run(actor, sessionId, changeOwner, { newsletterId, userId }));
  }

  demote(actor: Actor, sessionId: string, newsletterId: string, userId: string): Promise<ShownNewsletter> {
    return this.shown(actor, sessionId, this.commands.run(actor, sessionId, demote, { newsletterId, userId }));
  }

  acceptTerms(actor: Actor, sessionId: string, terms: Terms): Promise<void> {
    return this.commands.run(actor, sessionId, acceptTerms, terms);
  }

  private async shown(actor: Actor, sessionId: string, done: Promise<NewsletterFacts>): Promise<ShownNewsletter> {
    return this.newsletters.shown(actor, sessionId, await done);
  }

  private async learn(
    { tenantId, sessionId }: LiveSession,
    facts: NewsletterFacts,
    how: 'joined' | 'changed' | 'asked',
  ): Promise<NewsletterFacts> {
    await this.store.learn({ tenantId, sessionId }, facts, { how });
    return facts;
  }

  /** Newsletters hide phone numbers: people go by their LID there, where it is known. */
  private async addressOf({ sessionId }: LiveSession, userId: string): Promise<string> {
    return (await this.identities.lidsOf(sessionId, [userId])).get(userId) ?? userId;
  }
}

async function found(newsletters: NewslettersApi, order: CreateInput): Promise<NewsletterFacts> {
  const { name, description, picture } = order;
  const facts = await newsletters.create(name, description);
  if (picture === undefined) return facts;
  const { newsletterId } = facts;
  await newsletters.update(newsletterId, { picture }).catch(async (error: unknown) => {
    await newsletters.delete(newsletterId);
    throw error;
  });
  return newsletters.info('jid', newsletterId);
}

const identified = async (newsletters: NewslettersApi, named: NewsletterName): Promise<NewsletterFacts> =>
  'inviteCode' in named ? newsletters.info('invite', named.inviteCode) : named;
