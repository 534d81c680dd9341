import { stanza } from '../wire/stanza.js';
import { preKeyStanza } from './key-stanzas.js';
import { UploadedKeys } from './uploaded-keys.js';

describe('the uploaded keys of a client', () => {
  const key = (id: number, fill = id) => ({ id, value: Buffer.alloc(32, fill) });
  const upload = (...keys: ReturnType<typeof key>[]) => stanza('iq', {}, [stanza('list', {}, keys.map(preKeyStanza))]);
  const someKeys = () => {
    const signed = { ...key(1), signature: Buffer.alloc(64) };
    return new UploadedKeys(1, Buffer.alloc(32), signed);
  };

  it('are handed out once and in order, until none is left', () => {
    const keys = someKeys();
    keys.upload(upload(key(1), key(2)));
    expect([keys.takePreKey(), keys.takePreKey(), keys.takePreKey()]).toEqual([key(1), key(2), undefined]);
    keys.upload(upload(key(3)));
    expect(keys.takePreKey()).toEqual(key(3));
  });

  it('stand a repeated upload: nothing is there twice, and what was handed out stays gone', () => {
    const keys = someKeys();
    keys.upload(upload(key(1), key(2), key(3)));
    keys.takePreKey();
    keys.upload(upload(key(1), key(2), key(3)));
    expect(keys.stock()).toEqual([key(2), key(3)]);
    // The same number with another key is a new key.
    keys.upload(upload(key(1, 99)));
    expect(keys.stock()).toEqual([key(2), key(3), key(1, 99)]);
  });

  it('are not taken when one of them is malformed, or when there are too many', () => {
    const keys = someKeys();
    expect(keys.upload(upload(key(1), { id: 2, value: Buffer.alloc(31) }))).toBe(false);
    expect(keys.upload(upload(...Array.from({ length: 10_001 }, (_, n) => key(n, 1))))).toBe(false);
    expect(keys.stock()).toEqual([]);
  });

  it('tell when they run short, but not before the client has uploaded any', () => {
    const keys = someKeys();
    let told = 0;
    keys.onTaken = () => void told++;
    keys.takePreKey();
    expect(told).toBe(0);
    keys.upload(upload(key(1)));
    keys.takePreKey();
    expect(told).toBe(1);
  });
});
