import { stanza } from '../wire/stanza.js';
import { Clock } from '../world/clock.js';
import { Counters } from './counters.js';
import { StanzaLog } from './stanza-log.js';

describe('the log of stanzas', () => {
  it.each(['in', 'out'] as const)('keeps within its bytes, whatever goes %s', (direction) => {
    const log = new StanzaLog(1_000, new Clock(0), 100_000);
    const node = stanza('message', {}, [stanza('enc', {}, Buffer.alloc(20_000))]);
    for (let n = 0; n < 10; n++) log.add({ account: null, device: null, direction, stanza: node });
    const kept = log.find({}, 100);
    expect(kept.map(({ seq }) => seq)).toEqual([7, 8, 9, 10]);
    expect(kept[0]?.xml).toContain('20000 bytes');
  });
});

describe('the counters', () => {
  it('cut names that clients made up', () => {
    const counters = new Counters();
    counters.unknown('x'.repeat(10_000));
    expect(counters.unansweredKinds()).toEqual([{ kind: 'x'.repeat(100), count: 1 }]);
  });
});
