import { pino } from 'pino';
import type { Connection } from '../wire/connection.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import { Counters } from '../traffic/counters.js';
import { Clock } from './clock.js';
import { Companion } from './companion.js';
import { Directory } from './directory.js';
import { Seed } from './seed.js';
import { UploadedKeys } from './uploaded-keys.js';

/** A linked client, and everything that is written to it. */
function aCompanion() {
  const [written, counters, directory] = [[] as Stanza[], new Counters(), new Directory(new Seed('companion'))];
  const account = directory.create();
  const signed = { id: 1, value: Buffer.alloc(32), signature: Buffer.alloc(64) };
  const keys = new UploadedKeys(1, Buffer.alloc(32), signed);
  const write = (_connection: Connection, node: Stanza): void => void written.push(node);
  const core = { write, clock: new Clock(0), directory, counters, logger: pino({ level: 'silent' }) };
  const companion = new Companion(account, 1, 1, keys, Buffer.alloc(32), core);
  account.devices.set(1, companion);
  return { companion, written, counters, directory };
}
const message = (from: string, id: string, participant?: string) => stanza('message', { from, id, participant });
const receipt = (to: string, id: string, participant?: string) => stanza('receipt', { to, id, participant });
const connection = (): Connection => ({}) as Connection;

describe('a linked client', () => {
  it('gets again what it did not confirm, also when two people gave their messages the same id', () => {
    const { companion, written, directory } = aCompanion();
    const [anna, ben] = [directory.create(), directory.create()];
    const line = connection();
    companion.attach(line);
    companion.drain();
    companion.push(message(anna.jid('pn', 5), 'SAME'));
    companion.push(message(ben.jid('lid'), 'SAME'));
    companion.push(message('1-2@g.us', 'SAME', anna.jid('lid', 2)));
    companion.push(message('1-2@g.us', 'SAME', ben.jid('lid', 2)));
    expect(companion.backlog.unconfirmed).toBe(4);
    // A person is known by both addresses, and receipts may leave out the device.
    companion.confirm(receipt(anna.jid('lid'), 'SAME'));
    companion.confirm(receipt('1-2@g.us', 'SAME', ben.jid('pn')));
    companion.detach(line);
    written.length = 0;
    companion.attach(connection());
    companion.drain();
    const again = written.filter(({ tag }) => tag === 'message');
    expect(again.map(({ attrs }) => attrs.participant ?? attrs.from)).toEqual([ben.jid('lid'), anna.jid('lid', 2)]);
  });

  it('that is not linked any more is told nothing about the accounts it knew', () => {
    const { companion, directory } = aCompanion();
    const anna = directory.create();
    companion.follow(anna, 'pn');
    expect(anna.followers.has(companion)).toBe(true);
    companion.forgotten();
    expect(anna.followers.size).toBe(0);
  });

  it('that stays away loses the oldest of what waits, which is counted', () => {
    const { companion, counters } = aCompanion();
    for (let n = 0; n < 50_003; n++) companion.push(message('1@s.whatsapp.net', String(n)));
    expect(companion.backlog.queued).toBe(50_000);
    expect(counters.render({})).toContain('simulator_dropped_stanzas_total 3');
  });
});
