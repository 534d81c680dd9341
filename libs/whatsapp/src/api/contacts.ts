import { type BinaryNode, getBinaryNodeChild, S_WHATSAPP_NET, type WASocket } from '@whiskeysockets/baileys';
import { AppError } from '@app/platform/errors/app-error.js';
import { toJid } from '../map/jid.js';
import { type ContactSetting, readContactSetting } from '../updates/settings.js';
import type { IdentityPair } from '../updates/wa-update.js';
import type { AppState, NewSetting } from './app-state.js';
import { askNode } from './ask.js';
import { asAppError, refusalOf, timedOut } from './failure.js';
import {
  askAboutPeople,
  type PersonDevice,
  type PersonProfile,
  readAbout,
  readDevices,
  readLid,
  readPerson,
} from './people-query.js';
import { blockedIn } from '../updates/block-list.js';

export type PictureSize = 'preview' | 'full';

/** Whose picture, and by what right it is asked for. */
export interface WantedPicture {
  waId: string;
  size: PictureSize;
  /** A group that both are in. */
  commonGroupId?: string;
  /** An invitation to the group whose picture it is. */
  inviteCode?: string;
  /** The persona of a bot. */
  personaId?: string;
}

/** Somebody as they are to stand in the address book of the phone. */
export interface AddressBookEntry {
  phone: string;
  lid: string | null;
  name: string;
  firstName: string | null;
  /** Whether it goes to the phone's own address book, too, beside WhatsApp's. */
  isOnPhone: boolean;
}

/** An entry of the address book that WhatsApp has taken; `stored` is to be called once it is stored here too. */
export interface WrittenContact {
  setting: ContactSetting;
  stored(): void;
}

/** What WhatsApp knows about people, and what the account wants of them. */
export class ContactsApi {
  constructor(
    private readonly socket: WASocket,
    private readonly appState: AppState,
  ) {}

  /** Everything about many people, in one question. */
  async profiles(waIds: string[]): Promise<PersonProfile[]> {
    const users = await askAboutPeople(this.socket, waIds.map(toJid), 'profile');
    return waIds.map((waId) => readPerson(waId, users.get(waId)));
  }

  async about(waId: string): Promise<ReturnType<typeof readAbout>> {
    const users = await askAboutPeople(this.socket, [toJid(waId)], 'about');
    const user = users.get(waId);
    if (!user) throw notOnWhatsApp();
    return readAbout(user);
  }

  async devices(waIds: string[]): Promise<PersonDevice[][]> {
    const users = await askAboutPeople(this.socket, waIds.map(toJid), 'devices');
    return waIds.map((waId) => readDevices(users.get(waId)));
  }

  /** Whose opaque ids are known to WhatsApp; it tells no phone number that belongs to one. */
  async pairs(phones: string[]): Promise<IdentityPair[]> {
    const users = await askAboutPeople(this.socket, phones.map(toJid), 'lid');
    return phones.flatMap((phone) => {
      const lid = readLid(users.get(phone));
      return lid ? [{ lid, phone }] : [];
    });
  }

  /** A link to the picture, good for some days. Throws `contact.no-picture` and `contact.picture-hidden`. */
  async pictureUrl(wanted: WantedPicture): Promise<string> {
    const url = await this.askForPicture(wanted).catch((error: unknown) => {
      const code = refusalOf(error);
      if (code === 404) throw noPicture();
      if (code === 401 || code === 403)
        throw new AppError('forbidden', 'contact.picture-hidden', 'The picture is hidden from this account.');
      throw asAppError(error);
    });
    if (!url) throw noPicture();
    return url;
  }

  /** waIds, opaque ids mostly. Baileys' own function takes no answer for an empty list. */
  async blocked(): Promise<string[]> {
    const attrs = { to: S_WHATSAPP_NET, type: 'get', xmlns: 'blocklist' };
    return blockedIn(getBinaryNodeChild(await askNode(this.socket, { tag: 'iq', attrs }), 'list'));
  }

  async block({ lid, phone }: { lid: string; phone: string | null }, isBlocked: boolean): Promise<void> {
    const attrs: Record<string, string> = { action: isBlocked ? 'block' : 'unblock', jid: toJid(lid) };
    if (isBlocked && phone) attrs.pn_jid = toJid(phone);
    const iq = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'blocklist' } };
    await askNode(this.socket, { ...iq, content: [{ tag: 'item', attrs }] });
  }

  save({ phone, lid, name, firstName, isOnPhone }: AddressBookEntry): Promise<WrittenContact> {
    const contactAction = {
      fullName: name,
      firstName: firstName ?? undefined,
      lidJid: lid ? toJid(lid) : undefined,
      saveOnPrimaryAddressbook: isOnPhone,
    };
    return this.write({ ...entryOf(phone), syncAction: { contactAction } });
  }

  remove(phone: string): Promise<WrittenContact> {
    return this.write({ ...entryOf(phone), syncAction: { contactAction: {} }, isRemoval: true });
  }

  private async write(setting: NewSetting): Promise<WrittenContact> {
    const written = await this.appState.write(setting);
    const read = readContactSetting(written.entry);
    if (!read) throw new Error(`${setting.index[0]} is no setting of a contact`);
    return { setting: read, stored: () => written.stored() };
  }

  /** What goes beyond the person alone is general knowledge of the protocol: not confirmed on the production network. */
  private async askForPicture({ waId, size, ...rights }: WantedPicture): Promise<string | undefined> {
    const type = size === 'full' ? 'image' : 'preview';
    const jid = toJid(waId);
    const { commonGroupId, inviteCode, personaId } = rights;
    if (!commonGroupId && !inviteCode && !personaId) return this.socket.profilePictureUrl(jid, type);
    const attrs: Record<string, string> = { type, query: 'url' };
    if (commonGroupId) attrs.common_gid = commonGroupId;
    if (inviteCode) attrs.invite = inviteCode;
    if (personaId) attrs.persona_id = personaId;
    const iq = { to: S_WHATSAPP_NET, target: jid, type: 'get', xmlns: 'w:profile:picture' };
    const query = { tag: 'iq', attrs: iq, content: [{ tag: 'picture', attrs }] };
    const answer = (await this.socket.query(query)) as BinaryNode | undefined;
    if (!answer) throw timedOut();
    return getBinaryNodeChild(answer, 'picture')?.attrs.url;
  }
}

const entryOf = (phone: string) => ({
  type: 'critical_unblock_low' as const,
  apiVersion: 2,
  index: ['contact', toJid(phone)],
});

/** Somebody whom WhatsApp does not know. */
export const notOnWhatsApp = () =>
  new AppError('not-found', 'contact.not-on-whatsapp', 'WhatsApp knows nobody with this address.');

const noPicture = () => new AppError('not-found', 'contact.no-picture', 'There is no picture.');
