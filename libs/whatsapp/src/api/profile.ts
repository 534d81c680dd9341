import { jidDecode, S_WHATSAPP_NET, USyncQuery, USyncUser, type WASocket } from '@whiskeysockets/baileys';
import type { AppState } from './app-state.js';
import { ask, askNode } from './ask.js';
import { type FoundPicture, findPicture, setPicture } from './pictures.js';

/** What an account says about itself. */
export interface About {
  about: string;
  /** Null when WhatsApp does not tell. */
  since: Date | null;
}

/** The picture of an account; both addresses work for a while only. */
export interface ProfilePicture extends FoundPicture {
  previewUrl: string | null;
}

/** A phone, browser or program that speaks for the account. */
export interface OwnDevice {
  /** 0 is the phone. */
  id: number;
  isPhone: boolean;
  /** This session. */
  isThis: boolean;
  /** WhatsApp tells it of the phone alone; of this session it is what the session calls itself. */
  platform: string | null;
}

/** What the account shows of itself, and on which devices it is. */
export class ProfileApi {
  constructor(
    private readonly socket: WASocket,
    private readonly appState: AppState,
  ) {}

  async about(): Promise<About> {
    const [found] = await ask(this.socket.fetchStatus(this.me));
    const { status, setAt } = (found?.status ?? {}) as { status?: string | null; setAt?: Date };
    return { about: status ?? '', since: setAt && setAt.getTime() > 0 ? setAt : null };
  }

  async setAbout(about: string): Promise<void> {
    // Baileys' own function takes no answer for a good one.
    const content = [{ tag: 'status', attrs: {}, content: Buffer.from(about) }];
    await askNode(this.socket, { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'set', xmlns: 'status' }, content });
  }

  /** The name is one of the settings that all devices share; Baileys' own write may be lost to another device's. */
  async setName(name: string): Promise<void> {
    const written = await this.appState.write({
      type: 'critical_block',
      index: ['setting_pushName'],
      syncAction: { pushNameSetting: { name } },
      apiVersion: 1,
    });
    const { me } = this.socket.authState.creds;
    if (me) this.socket.ev.emit('creds.update', { me: { ...me, name } });
    written.stored();
  }

  /** Null when there is none. */
  async picture(): Promise<ProfilePicture | null> {
    const full = await findPicture(this.socket, this.me, 'image');
    const preview = full && (await findPicture(this.socket, this.me, 'preview'));
    return full && { ...full, previewUrl: preview?.url ?? null };
  }

  /** `jpeg` is a square of at most 640 pixels. */
  async setPicture(jpeg: Buffer): Promise<void> {
    await setPicture(this.socket, jpeg);
  }

  async removePicture(): Promise<void> {
    await setPicture(this.socket, null);
  }

  async devices(): Promise<OwnDevice[]> {
    const { me, platform = null } = this.socket.authState.creds;
    // Baileys' own function leaves out this device, and makes new Signal sessions with all the others.
    const query = new USyncQuery().withContext('interactive').withDeviceProtocol();
    const found = await ask(this.socket.executeUSyncQuery(query.withUser(new USyncUser().withId(this.me))));
    const { deviceList = [] } = (found.list[0]?.devices ?? {}) as { deviceList?: { id: number }[] };
    const own = jidDecode(me?.id)?.device ?? 0;
    return deviceList.map(({ id }) => {
      const [isPhone, isThis] = [id === 0, id === own];
      return { id, isPhone, isThis, platform: isPhone ? platform : null };
    });
  }

  private get me(): string {
    const user = jidDecode(this.socket.authState.creds.me?.id)?.user ?? '';
    return `${user}@s.whatsapp.net`;
  }
}
