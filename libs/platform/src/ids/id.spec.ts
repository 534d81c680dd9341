import { newId, newIdAt } from './id.js';

describe('newIdAt', () => {
  it('sorts by the time it is given, among ids of now', () => {
    const now = newId('message');
    const [older, old] = [newIdAt('message', new Date('2001-02-03')), newIdAt('message', new Date('2020-02-03'))];
    expect([now, old, older].sort()).toEqual([older, old, now]);
    expect(older).toMatch(/^msg_[0-9a-z]{26}$/);
    expect(newIdAt('message', new Date('2001-02-03'))).not.toBe(older);
  });
});
