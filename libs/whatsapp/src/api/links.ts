import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys';
import { AppError } from '@app/platform/errors/app-error.js';
import { toWaId } from '../map/jid.js';
import { askNode } from './ask.js';
import { refusalOf } from './failure.js';
import { askAboutPeople, textOf } from './people-query.js';

/** Whom a short link leads to. */
export interface LinkTarget {
  waId: string;
  name: string | null;
  /** With which a chat is begun; null for contact codes. */
  message: string | null;
  verifiedName: string | null;
  isSigned: boolean;
}

/** A bot that WhatsApp offers. */
export interface Bot {
  botId: string;
  personaId: string | null;
}

export interface BotProfile extends Bot {
  name: string | null;
  description: string | null;
  category: string | null;
  attributes: string | null;
  isDefault: boolean;
  commandsDescription: string | null;
  commands: { name: string; description: string }[];
  prompts: { emoji: string; text: string }[];
}

/** Short links and bots. The stanzas of links are general knowledge of the protocol: not confirmed on the production network. */
export class LinksApi {
  constructor(private readonly socket: WASocket) {}

  /** The code of the own contact link; revoking it makes another. */
  async contactCode(isRevoked: boolean): Promise<string> {
    const qr = await this.ask('set', { type: 'contact', action: isRevoked ? 'revoke' : 'get' });
    return qr?.attrs.code ?? '';
  }

  /** Throws `link.not-found`. */
  async resolve(code: string): Promise<LinkTarget> {
    const qr = await this.ask('get', { code }).catch((error: unknown) => {
      if (error instanceof AppError && refusalOf(error.extra.cause) === 404) throw noLink();
      throw error;
    });
    if (!qr?.attrs.jid) throw noLink();
    const { is_signed: signed, verified_name: verifiedName } = getBinaryNodeChild(qr, 'business')?.attrs ?? {};
    return {
      waId: toWaId(qr.attrs.jid),
      name: qr.attrs.notify ?? null,
      message: textOf(getBinaryNodeChild(qr, 'message')) ?? null,
      verifiedName: verifiedName ?? null,
      isSigned: signed === 'true',
    };
  }

  /** Baileys' own function takes no answer for an empty list. */
  async bots(): Promise<Bot[]> {
    const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'bot' };
    const iq = { tag: 'iq', attrs, content: [{ tag: 'bot', attrs: { v: '2' } }] };
    const sections = getBinaryNodeChildren(getBinaryNodeChild(await askNode(this.socket, iq), 'bot'), 'section');
    const bots = sections
      .filter(({ attrs }) => attrs.type === 'all')
      .flatMap((all) => getBinaryNodeChildren(all, 'bot'));
    return bots.flatMap(({ attrs: { jid, persona_id } }) =>
      jid ? [{ botId: jid, personaId: persona_id || null }] : [],
    );
  }

  /** Of the bots that WhatsApp knows. Baileys' own reading of the answer fails. */
  async botProfiles(bots: Bot[]): Promise<BotProfile[]> {
    const persona = new Map(bots.map(({ botId, personaId }) => [botId, personaId]));
    const query = [{ tag: 'bot', attrs: {}, content: [{ tag: 'profile', attrs: { v: '1' } }] }];
    const users = await askAboutPeople(this.socket, [...persona.keys()], query, (jid) => {
      const personaId = persona.get(jid);
      const attrs: Record<string, string> = personaId ? { persona_id: personaId } : {};
      return [{ tag: 'bot', attrs: {}, content: [{ tag: 'profile', attrs }] }];
    });
    return bots.flatMap(({ botId }) => readBot(botId, users.get(botId)) ?? []);
  }

  private async ask(type: 'get' | 'set', attrs: Record<string, string>): Promise<BinaryNode | undefined> {
    const iq = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type, xmlns: 'w:qr' }, content: [{ tag: 'qr', attrs }] };
    return getBinaryNodeChild(await askNode(this.socket, iq), 'qr');
  }
}

function readBot(botId: string, user: BinaryNode | undefined): BotProfile | null {
  const profile = getBinaryNodeChild(getBinaryNodeChild(user, 'bot'), 'profile');
  if (!profile) return null;
  const text = (node: BinaryNode | undefined, tag: string) => textOf(getBinaryNodeChild(node, tag)) ?? null;
  const commands = getBinaryNodeChild(profile, 'commands');
  const prompts = getBinaryNodeChild(profile, 'prompts');
  return {
    botId,
    personaId: profile.attrs.persona_id ?? null,
    name: text(profile, 'name'),
    description: text(profile, 'description'),
    category: text(profile, 'category'),
    attributes: text(profile, 'attributes'),
    isDefault: getBinaryNodeChild(profile, 'default') !== undefined,
    commandsDescription: text(commands, 'description'),
    commands: getBinaryNodeChildren(commands, 'command').map((node) => ({
      name: text(node, 'name') ?? '',
      description: text(node, 'description') ?? '',
    })),
    prompts: getBinaryNodeChildren(prompts, 'prompt').map((node) => ({
      emoji: text(node, 'emoji') ?? '',
      text: text(node, 'text') ?? '',
    })),
  };
}

const noLink = () => new AppError('not-found', 'link.not-found', 'The link leads nowhere, or no longer.');
