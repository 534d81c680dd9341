import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import type { ContactChanges } from '@app/platform/events/data/contact-data.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { FileBody } from '@app/platform/http/file-body.js';
import type { OwnDevice, ProfilePicture } from '@app/whatsapp/api/profile.js';
import { DataSource } from 'typeorm';
import { ProfilePicturesService } from '../media/profile-pictures.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { SessionsService } from '../sessions/sessions.service.js';

/** What an account shows of itself. */
export interface Profile {
  account: LiveSession['account'];
  about: string;
  /** RFC 3339; null when WhatsApp does not tell. */
  aboutSince: string | null;
  picture: ProfilePicture | null;
}

const show = command<null, Profile>('profile.show');
const listDevices = command<null, OwnDevice[]>('profile.devices');
const rename = command<string>('profile.name');
const describe = command<string>('profile.about');
/** The JPEG in base64; null takes the picture away. */
const depict = command<string | null>('profile.picture');

/** The profile of the account that a session is linked to. */
@Injectable()
export class ProfileService implements OnModuleInit {
  constructor(
    private readonly sessions: SessionsService,
    private readonly commands: SessionCommandsService,
    private readonly pictures: ProfilePicturesService,
    private readonly outbox: Outbox,
    @Inject(DataSource) private readonly database: DataSource,
  ) {}

  onModuleInit(): void {
    this.commands.on(show, async ({ own: { profile } }, _, { account }) => {
      const [{ about, since }, picture] = await Promise.all([profile.about(), profile.picture()]);
      return { account, about, aboutSince: since?.toISOString() ?? null, picture };
    });
    this.commands.on(listDevices, ({ own: { profile } }) => profile.devices());
    // The event of a new name is `session.status`, with what the account is called now.
    this.commands.on(rename, ({ own: { profile } }, name) => profile.setName(name));
    this.commands.on(describe, async ({ own: { profile } }, about, session) => {
      await profile.setAbout(about);
      await this.tell(session, { about });
    });
    this.commands.on(depict, async ({ own: { profile } }, picture, session) => {
      if (picture === null) await profile.removePicture();
      else await profile.setPicture(Buffer.from(picture, 'base64'));
      await this.tell(session, { picture: picture === null ? 'removed' : 'changed' });
    });
  }

  /** Throws `session.not-connected`, and what WhatsApp refuses; so do the others. */
  get(actor: Actor, sessionId: string): Promise<Profile> {
    return this.commands.run(actor, sessionId, show, null);
  }

  /** The phone, this session, and whatever else is linked to the account. */
  devices(actor: Actor, sessionId: string): Promise<OwnDevice[]> {
    return this.commands.run(actor, sessionId, listDevices, null);
  }

  setName(actor: Actor, sessionId: string, name: string): Promise<void> {
    return this.commands.run(actor, sessionId, rename, name);
  }

  setAbout(actor: Actor, sessionId: string, about: string): Promise<void> {
    return this.commands.run(actor, sessionId, describe, about);
  }

  async setPicture(actor: Actor, sessionId: string, body: FileBody): Promise<void> {
    await this.sessions.get(actor, sessionId);
    const jpeg = await this.pictures.read(actor, body);
    await this.commands.run(actor, sessionId, depict, jpeg.toString('base64'));
  }

  removePicture(actor: Actor, sessionId: string): Promise<void> {
    return this.commands.run(actor, sessionId, depict, null);
  }

  /** WhatsApp tells the other devices, and not the one that did it. */
  private async tell({ tenantId, sessionId, account }: LiveSession, changes: ContactChanges): Promise<void> {
    const { waId, phone, lid, name } = account;
    const data = { person: { waId, phone, lid, name }, changes };
    await this.database.transaction((tx) =>
      this.outbox.add(tx, [{ tenantId, sessionId, type: 'contact.updated', data }]),
    );
  }
}
