import { Clock } from '../world/clock.js';
import { MailRecord } from './mail-record.js';

describe('the record of a phone', () => {
  it('keeps the last messages under the numbers they had, and counts all of them', () => {
    const record = new MailRecord(new Clock(0));
    const seen = { from: '628110000001', to: '628110000002', kind: 'conversation', text: null, media: null };
    for (let n = 0; n < 10_500; n++) record.seen({ ...seen, id: `M${n}` });
    const [first] = record.messages.from(0);
    expect(first).toMatchObject([500, { id: 'M500' }]);
    expect([...record.messages.from(10_498)].map(([n, { id }]) => [n, id])).toEqual([
      [10_498, 'M10498'],
      [10_499, 'M10499'],
    ]);
    record.seen({ ...seen, id: 'M3' });
    expect(record.stats()).toMatchObject({ received: 10_501, distinct: 10_500, repeats: 1 });
  });

  it('counts what could not be read and shows the last of it', () => {
    const record = new MailRecord(new Clock(0));
    for (let n = 0; n < 150; n++) record.failed(`M${n}`, '628110000001', new Error('no key'));
    const { undecryptable, unreadable } = record.stats();
    expect([undecryptable, unreadable.length, unreadable.at(-1)?.id]).toEqual([150, 100, 'M149']);
  });
});
