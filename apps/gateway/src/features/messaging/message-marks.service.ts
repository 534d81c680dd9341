import { Inject, Injectable } from '@nestjs/common';
import type { MessageEdit } from '@app/database/entities/message-edit.entity.js';
import type { Message } from '@app/database/entities/message.entity.js';
import { type Prepared, runPrepared } from '@app/database/prepared.js';
import { DataSource, type EntityManager } from 'typeorm';
import {
  DELETE_MESSAGE,
  EDIT_MESSAGE,
  EDITS_OF,
  FIND_PROTOS,
  KEEP_MESSAGE,
  LOCK_TARGETS,
  LOCK_TARGETS_BY_ID,
  PIN_MESSAGE,
  REVOKE_MESSAGE,
  STAR_MESSAGE,
} from './message-marks.queries.js';

/** A message that something is done with, locked. */
export type TargetMessage = Pick<
  Message,
  | 'id'
  | 'tenantId'
  | 'sessionId'
  | 'chatId'
  | 'messageId'
  | 'senderId'
  | 'authorAddress'
  | 'fromMe'
  | 'type'
  /** Only where it was asked for. */
  | 'proto'
> & {
  /** Deleted for everybody. */
  isRevoked: boolean;
};

/** What a message says after a change. */
export type ChangedMessage = Pick<Message, 'id' | 'text' | 'content'>;

/** What a message says now, as far as an edit tells. */
export interface EditedWords {
  /** WhatsApp's id of the edit. */
  editId: string;
  at: Date;
  text: string | null;
  content: object | null;
  proto: Buffer;
}

/** What is done with a message, as it shows in its row. Each answers null when nothing changed: it was so already. */
@Injectable()
export class MessageMarksService {
  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  lock(
    tx: EntityManager,
    wanted: { sessionId: string; messageId: string; withProto: boolean }[],
  ): Promise<TargetMessage[]> {
    return runPrepared(tx, LOCK_TARGETS, [
      wanted.map(({ sessionId }) => sessionId),
      wanted.map(({ messageId }) => messageId),
      wanted.map(({ withProto }) => withProto),
    ]);
  }

  lockById(tx: EntityManager, wanted: { id: string; withProto: boolean }[]): Promise<TargetMessage[]> {
    return runPrepared(tx, LOCK_TARGETS_BY_ID, [wanted.map(({ id }) => id), wanted.map(({ withProto }) => withProto)]);
  }

  /** Serialised protobufs by our id. */
  async protos(tx: EntityManager, ids: string[]): Promise<Map<string, Buffer>> {
    if (!ids.length) return new Map();
    const rows = await runPrepared<{ id: string; proto: Buffer | null }>(tx, FIND_PROTOS, [ids]);
    return new Map(rows.flatMap(({ id, proto }) => (proto ? [[id, proto] as const] : [])));
  }

  /** What a message said before, the oldest first. */
  editsOf(id: string): Promise<Pick<MessageEdit, 'text' | 'content' | 'replacedAt'>[]> {
    return runPrepared(this.database, EDITS_OF, [id]);
  }

  edit(tx: EntityManager, id: string, edit: EditedWords): Promise<ChangedMessage | null> {
    const { editId, at, text, content, proto } = edit;
    return this.change(tx, EDIT_MESSAGE, [id, editId, at, text, content && JSON.stringify(content), proto]);
  }

  revoke(tx: EntityManager, id: string, at: Date): Promise<ChangedMessage | null> {
    return this.change(tx, REVOKE_MESSAGE, [id, at]);
  }

  star(tx: EntityManager, id: string, at: Date | null): Promise<ChangedMessage | null> {
    return this.change(tx, STAR_MESSAGE, [id, at]);
  }

  pin(tx: EntityManager, id: string, until: Date | null): Promise<ChangedMessage | null> {
    return this.change(tx, PIN_MESSAGE, [id, until]);
  }

  keep(tx: EntityManager, id: string, at: Date | null): Promise<ChangedMessage | null> {
    return this.change(tx, KEEP_MESSAGE, [id, at]);
  }

  delete(tx: EntityManager, id: string, at: Date): Promise<ChangedMessage | null> {
    return this.change(tx, DELETE_MESSAGE, [id, at]);
  }

  private async change(tx: EntityManager, statement: Prepared, values: unknown[]): Promise<ChangedMessage | null> {
    const [row] = await runPrepared<ChangedMessage>(tx, statement, values);
    return row ?? null;
  }
}
