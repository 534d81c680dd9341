import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys';
import { invalid } from '@app/platform/errors/app-error.js';
import { toJid, toWaId } from '../map/jid.js';
import { ask, askNode } from './ask.js';

/** Who may see or do something; which of them a setting takes, `privacyChoices` says. */
export type Audience = 'all' | 'contacts' | 'contacts-except' | 'nobody' | 'same-as-last-seen' | 'known';

const graded: Audience[] = ['all', 'contacts', 'contacts-except', 'nobody'];

/** What can be chosen for each setting. */
export const privacyChoices = {
  lastSeen: graded,
  online: ['all', 'same-as-last-seen'],
  profilePicture: graded,
  about: graded,
  readReceipts: ['all', 'nobody'],
  groups: graded,
  calls: ['all', 'known'],
  messages: ['all', 'contacts'],
} satisfies Record<string, Audience[]>;
export type PrivacySetting = keyof typeof privacyChoices;

/** Null where WhatsApp does not tell. */
export type PrivacySettings = Record<PrivacySetting, Audience | null>;

/** WhatsApp's names of the settings. */
const categories: Record<PrivacySetting, string> = {
  lastSeen: 'last',
  online: 'online',
  profilePicture: 'profile',
  about: 'status',
  readReceipts: 'readreceipts',
  groups: 'groupadd',
  calls: 'calladd',
  messages: 'messages',
};
const values: Record<Audience, string> = {
  all: 'all',
  contacts: 'contacts',
  'contacts-except': 'contact_blacklist',
  nobody: 'none',
  'same-as-last-seen': 'match_last_seen',
  known: 'known',
};
const audienceOf = (value: string | undefined) =>
  (Object.keys(values) as Audience[]).find((audience) => values[audience] === value) ?? null;

/** Somebody on such a list; WhatsApp keeps most of them by LID. */
export interface ListedPerson {
  waId: string;
  phone: string | null;
  lid: string | null;
}

/** Who gets the statuses of the account when nobody is named. */
export interface StatusAudience<Person = ListedPerson> {
  audience: 'contacts' | 'contacts-except' | 'only';
  /** Whom it leaves out, or whom alone it means. */
  people: Person[];
}

const statusLists = { contacts: 'contacts', 'contacts-except': 'blacklist', only: 'whitelist' } as const;

/** Who may see what of the account. */
export class PrivacyApi {
  constructor(private readonly socket: WASocket) {
    // Baileys asks once, and goes on telling senders what the phone has forbidden since.
    socket.ws.on('CB:notification,type:account_sync', (node: BinaryNode) => {
      if (getBinaryNodeChild(node, 'privacy')) socket.fetchPrivacySettings(true).catch(() => undefined);
    });
  }

  async settings(): Promise<PrivacySettings> {
    const told = await ask(this.socket.fetchPrivacySettings(true));
    const entries = Object.entries(categories).map(([setting, name]) => [setting, audienceOf(told[name])]);
    return Object.fromEntries(entries) as PrivacySettings;
  }

  async set(setting: PrivacySetting, audience: Audience): Promise<void> {
    await this.change(setting, audience, {}, []);
    // What Baileys keeps decides whether senders hear that their messages are read.
    if (setting === 'readReceipts') await this.socket.fetchPrivacySettings(true);
  }

  /** How long messages of new chats are kept, in seconds; 0 for ever. */
  async defaultTimer(): Promise<number> {
    const me = toJid(toWaId(this.socket.authState.creds.me?.id ?? ''));
    const [found] = await ask(this.socket.fetchDisappearingDuration(me));
    return (found?.disappearing_mode as { duration?: number } | undefined)?.duration ?? 0;
  }

  async setDefaultTimer(seconds: number): Promise<void> {
    await this.query('set', 'disappearing_mode', { tag: 'disappearing_mode', attrs: { duration: String(seconds) } });
  }

  /** Whom a setting excepts while it is `contacts-except`. Not confirmed on the production network. */
  async exceptions(setting: PrivacySetting): Promise<ListedPerson[]> {
    return this.named((await this.listOf(setting)).people);
  }

  /** Excepts these people and no others. Not confirmed on the production network. */
  async except(setting: PrivacySetting, people: string[]): Promise<void> {
    const [lids, known] = [await this.lidsOf(people), await this.listOf(setting)];
    const users = [
      ...lids.filter((lid) => !known.people.includes(lid)).map((lid) => userNode(lid, 'add')),
      ...known.people.filter((lid) => !lids.includes(lid)).map((lid) => userNode(lid, 'remove')),
    ];
    await this.change(setting, 'contacts-except', { dhash: known.hash }, users);
  }

  /** Not confirmed on the production network. */
  async statusAudience(): Promise<StatusAudience> {
    const answer = await this.query('get', 'status', { tag: 'privacy', attrs: {} });
    const lists = getBinaryNodeChildren(getBinaryNodeChild(answer, 'privacy'), 'list');
    const chosen = lists.find(({ attrs }) => attrs.default === 'true') ?? lists[0];
    const names = Object.keys(statusLists) as StatusAudience['audience'][];
    const audience = names.find((name) => statusLists[name] === chosen?.attrs.type) ?? 'contacts';
    return { audience, people: await this.named(chosen ? peopleIn(chosen) : []) };
  }

  /** Not confirmed on the production network. */
  async setStatusAudience({ audience, people }: StatusAudience<string>): Promise<void> {
    const users = (await this.lidsOf(people)).map((waId) => ({ tag: 'user', attrs: { jid: toJid(waId) } }));
    const list = { tag: 'list', attrs: { type: statusLists[audience] }, content: users };
    await this.query('set', 'status', { tag: 'privacy', attrs: {}, content: [list] });
  }

  /** Throws `privacy.unknown-person` for a number that WhatsApp does not know. */
  private async lidsOf(people: string[]): Promise<string[]> {
    const phones = people.filter((waId) => !waId.endsWith('@lid'));
    const { lidMapping } = this.socket.signalRepository;
    const pairs = phones.length ? await lidMapping.getLIDsForPNs(phones.map(toJid)) : null;
    const lids = new Map(pairs?.map(({ pn, lid }) => [toWaId(pn), toWaId(lid)]));
    const found = people.map((waId, index) => {
      const lid = waId.endsWith('@lid') ? waId : lids.get(waId);
      if (!lid) throw invalid('privacy.unknown-person', `/people/${index}`, 'must be somebody on WhatsApp');
      return lid;
    });
    return [...new Set(found)];
  }

  private async named(people: string[]): Promise<ListedPerson[]> {
    const lids = people.filter((waId) => waId.endsWith('@lid'));
    const pairs = lids.length ? await this.socket.signalRepository.lidMapping.getPNsForLIDs(lids) : null;
    const phones = new Map(pairs?.map(({ pn, lid }) => [toWaId(lid), toWaId(pn)]));
    return people.map((waId) => {
      const phone = waId.includes('@') ? (phones.get(waId) ?? null) : waId;
      return { waId: phone ?? waId, phone, lid: waId.endsWith('@lid') ? waId : null };
    });
  }

  private async listOf(setting: PrivacySetting): Promise<{ people: string[]; hash: string }> {
    const list = { tag: 'list', attrs: { name: categories[setting], value: values['contacts-except'] } };
    const answer = await this.query('get', 'privacy', { tag: 'privacy', attrs: {}, content: [list] });
    const found = getBinaryNodeChild(getBinaryNodeChild(answer, 'privacy'), 'list');
    return { people: found ? peopleIn(found) : [], hash: found?.attrs.dhash ?? 'none' };
  }

  private async change(
    setting: PrivacySetting,
    audience: Audience,
    attrs: Record<string, string>,
    users: BinaryNode[],
  ): Promise<void> {
    const named = { name: categories[setting], value: values[audience], ...attrs };
    const category = { tag: 'category', attrs: named, ...(users.length && { content: users }) };
    await this.query('set', 'privacy', { tag: 'privacy', attrs: {}, content: [category] });
  }

  private query(type: 'get' | 'set', xmlns: string, content: BinaryNode): Promise<BinaryNode> {
    const attrs = { to: S_WHATSAPP_NET, type, xmlns };
    return askNode(this.socket, { tag: 'iq', attrs, content: [content] });
  }
}

const userNode = (waId: string, action: string): BinaryNode => ({ tag: 'user', attrs: { jid: toJid(waId), action } });

const peopleIn = (list: BinaryNode): string[] =>
  getBinaryNodeChildren(list, 'user').flatMap(({ attrs: { jid } }) => (jid ? [toWaId(jid)] : []));
