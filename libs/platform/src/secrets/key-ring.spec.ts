import { randomBytes } from 'node:crypto';
import { KeyRing } from './key-ring.js';

const spec = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

describe('KeyRing', () => {
  const [old, fresh] = [spec('2025'), spec('2026')];
  const secret = Buffer.from('whsec_abc');

  it('opens what it sealed, also after the active key has changed', () => {
    const sealed = new KeyRing(old).seal(secret, 'row:1');
    const rotated = new KeyRing(`${fresh},${old}`);
    expect(rotated.open(sealed, 'row:1')).toEqual(secret);
    expect(rotated.isStale(sealed)).toBe(true);
    expect(rotated.isStale(rotated.seal(secret, 'row:1'))).toBe(false);
  });

  it('seals the same text differently each time and never shows it', () => {
    const ring = new KeyRing(old);
    const sealed = Array.from({ length: 600 }, () => ring.seal(secret, 'row:1').toString('hex'));
    expect(new Set(sealed).size).toBe(600);
    expect(sealed.some((text) => text.includes(secret.toString('hex')))).toBe(false);
  });

  it('refuses a value that was moved to another row, changed, or sealed by a key that is gone', () => {
    const ring = new KeyRing(old);
    const sealed = ring.seal(secret, 'row:1');
    expect(() => ring.open(sealed, 'row:2')).toThrow();
    const bent = Buffer.from(sealed);
    bent[bent.length - 1] = (bent.at(-1) ?? 0) ^ 1;
    expect(() => ring.open(bent, 'row:1')).toThrow();
    expect(() => new KeyRing(fresh).open(sealed, 'row:1')).toThrow('2025');
  });

  it('signs for one purpose, and knows its signatures after the active key has changed', () => {
    const signature = new KeyRing(old).sign('med_1.99', 'links');
    const rotated = new KeyRing(`${fresh},${old}`);
    expect(rotated.isSigned('med_1.99', 'links', signature)).toBe(true);
    expect(rotated.sign('med_1.99', 'links')).not.toEqual(signature);
    expect(rotated.isSigned('med_1.98', 'links', signature)).toBe(false);
    expect(rotated.isSigned('med_1.99', 'other', signature)).toBe(false);
    expect(rotated.isSigned('med_1.99', 'links', signature.subarray(1))).toBe(false);
    expect(new KeyRing(fresh).isSigned('med_1.99', 'links', signature)).toBe(false);
  });

  it.each(['', 'id', 'id:short', `:${randomBytes(32).toString('base64')}`])('refuses the ring %j', (text) =>
    expect(() => new KeyRing(text)).toThrow(),
  );
});
