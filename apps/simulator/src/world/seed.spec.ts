import { Seed } from './seed.js';

describe('a seed', () => {
  it('gives every sender ids of its own, whoever else takes some in between', () => {
    const [calm, busy] = [new Seed('same'), new Seed('same')];
    busy.messageId('ben');
    busy.opaqueId('media');
    expect(busy.messageId('anna')).toBe(calm.messageId('anna'));
    busy.messageId('ben');
    expect(busy.messageId('anna')).toBe(calm.messageId('anna'));
    expect(busy.messageId('anna')).not.toBe(busy.messageId('anna'));
  });

  it('has one stream of numbers per purpose', () => {
    const [calm, busy] = [new Seed('same'), new Seed('same')];
    busy.random('faults');
    expect(busy.random('votes')).toBe(calm.random('votes'));
    expect(busy.random('votes')).not.toBe(busy.random('faults'));
  });
});
