import { Injectable } from '@nestjs/common';
import { storableJson } from '@app/database/storable-json.js';
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import { Config } from '../config/config.js';
import { newId } from '../ids/id.js';
import { EventCheck } from './event-check.js';
import type { NewEvent } from './event-map.js';
import { traitsOf } from './event-traits.js';
import { ADD_EVENTS } from './outbox.queries.js';

/** Records events and queues their deliveries in the transaction of the change that they report. */
@Injectable()
export class Outbox {
  private readonly check: EventCheck | null;

  constructor({ eventsValidate }: Config) {
    this.check = eventsValidate ? new EventCheck() : null;
  }

  /** Returns the ids of the events, in the order in which they were given. */
  async add(tx: EntityManager, events: readonly NewEvent[]): Promise<string[]> {
    if (events.length === 0) return [];
    if (!tx.queryRunner?.isTransactionActive) throw new Error('Outbox.add needs the manager of a transaction.');
    if (this.check) for (const event of events) this.check.run(event);
    const rows = events.map((event) => ({ ...event, id: newId('event'), traits: traitsOf(event) }));
    const client = (await tx.queryRunner.connect()) as PoolClient;
    // A named statement is parsed and planned once a connection, which takes longer than to run it.
    await client.query({ name: 'outbox.add', text: ADD_EVENTS, values: [storableJson(rows)] });
    return rows.map(({ id }) => id);
  }
}
