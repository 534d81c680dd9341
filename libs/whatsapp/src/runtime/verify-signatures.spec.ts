import { Curve } from '@whiskeysockets/baileys';
import { verifySignatures } from './verify-signatures.js';

it('tells a good signature from a bad one, which Baileys alone does not', () => {
  const [own, other] = [Curve.generateKeyPair(), Curve.generateKeyPair()];
  const message = Buffer.from('certificate');
  const signature = Curve.sign(own.private, message);
  // When this fails, Baileys checks by itself and this file can go.
  expect(Curve.verify(other.public, message, signature)).toBe(true);
  verifySignatures();
  expect(Curve.verify(own.public, message, signature)).toBe(true);
  expect(Curve.verify(other.public, message, signature)).toBe(false);
  expect(Curve.verify(own.public, Buffer.from('another'), signature)).toBe(false);
  expect(Curve.verify(own.public, message, Buffer.alloc(3))).toBe(false);
  expect(Curve.verify(own.public, message, Buffer.alloc(64, 255))).toBe(false);
});

it('agrees with the signatures of many keys', () => {
  verifySignatures();
  for (let round = 0; round < 20; round++) {
    const { private: secret, public: key } = Curve.generateKeyPair();
    const message = Buffer.from(`message ${round}`);
    const signature = Curve.sign(secret, message);
    expect(Curve.verify(Buffer.concat([Buffer.of(5), key]), message, signature)).toBe(true);
    const bent = Buffer.from(signature);
    bent[round] = (bent[round] ?? 0) ^ 1;
    expect(Curve.verify(key, message, bent)).toBe(false);
  }
});
