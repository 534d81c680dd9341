import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { notFound } from '@app/platform/errors/app-error.js';
import { Outbox } from '@app/platform/events/outbox.js';
import type { FileBody } from '@app/platform/http/file-body.js';
import { DataSource } from 'typeorm';
import { ProfilePicturesService } from '../media/profile-pictures.service.js';
import { command, SessionCommandsService } from '../sessions/session-commands.service.js';
import type { LiveSession } from '../sessions/session-traffic.service.js';
import { inGroup } from './group-refusal.js';
import { GroupsService } from './groups.service.js';

const findPicture = command<{ groupId: string; size: PictureSize }, string | null>('groups.find-picture');
/** The picture in base64: commands travel as JSON. */
const setPicture = command<{ groupId: string; jpeg: string }, string | null>('groups.set-picture');
const removePicture = command<{ groupId: string }>('groups.remove-picture');

export type PictureSize = 'preview' | 'image';

/** The pictures of groups. */
@Injectable()
export class GroupPicturesService implements OnModuleInit {
  constructor(
    private readonly groups: GroupsService,
    private readonly pictures: ProfilePicturesService,
    private readonly commands: SessionCommandsService,
    private readonly outbox: Outbox,
    @Inject(DataSource) private readonly database: DataSource,
  ) {}

  onModuleInit(): void {
    this.commands.on(findPicture, ({ groups }, { groupId, size }) => groups.pictureUrl(groupId, size));
    this.commands.on(setPicture, async ({ groups }, { groupId, jpeg }, session) => {
      const id = await groups.setPicture(groupId, Buffer.from(jpeg, 'base64'));
      await this.tell(session, groupId, 'changed');
      return id;
    });
    this.commands.on(removePicture, async ({ groups }, { groupId }, session) => {
      await groups.removePicture(groupId);
      await this.tell(session, groupId, 'removed');
    });
  }

  /** Where it is to be had for a while. Throws `picture.not-found`. */
  async find(actor: Actor, sessionId: string, groupId: string, size: PictureSize): Promise<string> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    const url = await inGroup(group, this.commands.run(actor, sessionId, findPicture, { groupId, size }));
    if (url === null) throw notFound('picture', groupId);
    return url;
  }

  /** Answers WhatsApp's id of the picture. Throws what a file that is refused throws. */
  async set(actor: Actor, sessionId: string, groupId: string, body: FileBody): Promise<string | null> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    const jpeg = (await this.pictures.read(actor, body)).toString('base64');
    return inGroup(group, this.commands.run(actor, sessionId, setPicture, { groupId, jpeg }));
  }

  async remove(actor: Actor, sessionId: string, groupId: string): Promise<void> {
    const group = await this.groups.stored(actor, sessionId, groupId);
    await inGroup(group, this.commands.run(actor, sessionId, removePicture, { groupId }));
  }

  /** WhatsApp tells everybody but the device that did it. */
  private async tell(session: LiveSession, groupId: string, picture: 'changed' | 'removed'): Promise<void> {
    const { tenantId, sessionId, account } = session;
    const { waId, phone, lid, name } = account;
    const data = {
      chatId: groupId,
      by: { waId, phone, lid, name },
      fromMe: true,
      at: new Date().toISOString(),
      changes: { picture },
    };
    await this.database.transaction((tx) =>
      this.outbox.add(tx, [{ tenantId, sessionId, type: 'group.updated', data }]),
    );
  }
}
