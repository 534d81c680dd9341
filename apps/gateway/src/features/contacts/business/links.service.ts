import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { invalid } from '@app/platform/errors/app-error.js';
import type { BusinessProfile } from '@app/whatsapp/api/business-profile.js';
import type { Bot, BotProfile, LinkTarget } from '@app/whatsapp/api/links.js';
import { command, SessionCommandsService } from '../../sessions/session-commands.service.js';

/** Whom a link leads to, and what they say about themselves if they are a business. */
export type ResolvedLink = LinkTarget & { businessProfile: BusinessProfile | null };

const contactCode = command<{ isRevoked: boolean }, string>('links.contact-code');
const resolveLink = command<{ code: string }, ResolvedLink>('links.resolve');
const listBots = command<null, Bot[]>('links.bots');
const getBots = command<{ bots: Bot[] }, BotProfile[]>('links.bot-profiles');

const CONTACT = 'https://wa.me/qr/';
const linkOf = {
  contact: /^(?:https:\/\/(?:wa\.me|api\.whatsapp\.com)\/qr\/)?([A-Za-z0-9]{4,40})$/,
  message: /^(?:https:\/\/(?:wa\.me|api\.whatsapp\.com)\/message\/)?([A-Za-z0-9]{4,40})$/,
};

/** Short links that lead to people and businesses, and the bots that WhatsApp offers. */
@Injectable()
export class LinksService implements OnModuleInit {
  constructor(private readonly commands: SessionCommandsService) {}

  onModuleInit(): void {
    this.commands.on(contactCode, ({ links }, { isRevoked }) => links.contactCode(isRevoked));
    this.commands.on(resolveLink, async ({ links, business }, { code }) => {
      const target = await links.resolve(code);
      return { ...target, businessProfile: await business.profile(target.waId) };
    });
    this.commands.on(listBots, ({ links }) => links.bots());
    this.commands.on(getBots, ({ links }, { bots }) => links.botProfiles(bots));
  }

  /** The link, or QR text, by which people add the account. The one before leads nowhere once it is revoked. */
  async contactLink(actor: Actor, sessionId: string, isRevoked: boolean): Promise<string> {
    return CONTACT + (await this.commands.run(actor, sessionId, contactCode, { isRevoked }));
  }

  /** Throws `link.not-found`. */
  async resolve(actor: Actor, sessionId: string, kind: keyof typeof linkOf, link: string): Promise<ResolvedLink> {
    const [, code] = linkOf[kind].exec(link.trim()) ?? [];
    if (!code) throw invalid('link.invalid', '/link', `must be a ${kind} link of WhatsApp, or the code at its end`);
    return this.commands.run(actor, sessionId, resolveLink, { code });
  }

  async bots(actor: Actor, sessionId: string): Promise<Bot[]> {
    return this.commands.run(actor, sessionId, listBots, null);
  }

  /** Of those that WhatsApp knows. */
  async botProfiles(actor: Actor, sessionId: string, bots: Bot[]): Promise<BotProfile[]> {
    return this.commands.run(actor, sessionId, getBots, { bots });
  }
}
