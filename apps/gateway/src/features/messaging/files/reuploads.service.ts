import { AppError } from '@app/platform/errors/app-error.js';
import { fileOf } from '@app/whatsapp/media/wa-files.js';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { command, SessionCommandsService } from '../../sessions/session-commands.service.js';
import { MessageStoreService } from '../message-store.service.js';

interface Whose {
  messageId: string;
  card: number;
  tenantId: string;
  sessionId: string;
}

const reupload = command<{ id: string; card: number }, string>('files.reupload');

/** Has the phone of a session put a file on WhatsApp's servers again. */
@Injectable()
export class ReuploadsService implements OnModuleInit {
  constructor(
    private readonly store: MessageStoreService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    this.commands.on(reupload, async (connection, { id, card }, { sessionId }) => {
      const message = await this.store.messages.findOne({
        select: { id: true, messageId: true, chatId: true, senderId: true, fromMe: true, proto: true },
        where: { id, sessionId },
      });
      const file = message?.proto && fileOf(message.proto, card);
      if (!message || !file?.mediaKey)
        throw new AppError('not-found', 'media.gone', 'WhatsApp does not have the file any longer.');
      return connection.media.requestAgain(message, file.mediaKey);
    });
  }

  /** The new path of the file. Throws `media.gone`, `media.no-answer`, `session.not-connected`. */
  request({ messageId, card, tenantId, sessionId }: Whose): Promise<string> {
    return this.commands.run({ tenantId }, sessionId, reupload, { id: messageId, card });
  }
}
