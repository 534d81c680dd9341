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
});
