import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { ServerIdentity } from './certificates.js';
import { agree, deriveBytes, generateKeyPair } from './key-pair.js';

const MODE = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
const PROLOGUE = Buffer.from([0x57, 0x41, 6, 3]);
const TAG_BYTES = 16;
const NOTHING = Buffer.alloc(0);

const nonce = (counter: number): Buffer => {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
};

function seal(key: Buffer, counter: number, plaintext: Uint8Array, associated: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(counter));
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, counter: number, sealed: Uint8Array, associated: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(counter));
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
}

/** The encrypted stream after the handshake: one key and one counter per direction. */
export class NoiseTransport {
  private sent = 0;
  private received = 0;

  constructor(
    private readonly sendKey: Buffer,
    private readonly receiveKey: Buffer,
  ) {}

  /** Encrypts and frames; must be written in call order, the counter is the nonce. */
  frame(plaintext: Buffer): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.sendKey, nonce(this.sent++));
    const header = Buffer.allocUnsafe(3);
    header.writeUIntBE(plaintext.length + TAG_BYTES, 0, 3);
    return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  open(frame: Buffer): Buffer {
    return open(this.receiveKey, this.received++, frame, NOTHING);
  }
}

/** What the client proved and said in its last handshake message. */
export interface ClientFinish {
  staticKey: Buffer;
  payload: proto.ClientPayload;
  transport: NoiseTransport;
}

/** The responder side of Noise XX with WhatsApp's certificate chain. */
export class NoiseServer {
  private hash = createHash('sha256').update(MODE).update(PROLOGUE).digest();
  private salt: Buffer = MODE;
  private key: Buffer = MODE;
  private counter = 0;
  private readonly ephemeral = generateKeyPair();

  constructor(private readonly identity: ServerIdentity) {}

  /** Answers the client hello; returns the bytes of the server hello. */
  hello(message: Buffer): Buffer {
    const clientEphemeral = proto.HandshakeMessage.decode(message).clientHello?.ephemeral;
    if (!clientEphemeral) throw new Error('client hello without key');
    this.mixHash(clientEphemeral);
    this.mixHash(this.ephemeral.publicKey);
    this.mixKey(agree(this.ephemeral.privateKey, clientEphemeral));
    const sealedStatic = this.seal(this.identity.staticKey.publicKey);
    this.mixKey(agree(this.identity.staticKey.privateKey, clientEphemeral));
    const payload = this.seal(this.identity.certificateChain);
    const serverHello = { ephemeral: this.ephemeral.publicKey, static: sealedStatic, payload };
    return Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish());
  }

  /** Reads the client finish and splits the keys. */
  finish(message: Buffer): ClientFinish {
    const clientFinish = proto.HandshakeMessage.decode(message).clientFinish;
    if (!clientFinish?.static || !clientFinish.payload) throw new Error('incomplete client finish');
    const staticKey = this.open(clientFinish.static);
    this.mixKey(agree(this.ephemeral.privateKey, staticKey));
    const payload = proto.ClientPayload.decode(this.open(clientFinish.payload));
    const keys = deriveBytes(NOTHING, 64, this.salt);
    return { staticKey, payload, transport: new NoiseTransport(keys.subarray(32), keys.subarray(0, 32)) };
  }

  private mixHash(data: Uint8Array): void {
    this.hash = createHash('sha256').update(this.hash).update(data).digest();
  }

  private mixKey(secret: Buffer): void {
    const keys = deriveBytes(secret, 64, this.salt);
    this.salt = keys.subarray(0, 32);
    this.key = keys.subarray(32);
    this.counter = 0;
  }

  private seal(plaintext: Buffer): Buffer {
    const sealed = seal(this.key, this.counter++, plaintext, this.hash);
    this.mixHash(sealed);
    return sealed;
  }

  private open(sealed: Uint8Array): Buffer {
    const plaintext = open(this.key, this.counter++, sealed, this.hash);
    this.mixHash(sealed);
    return plaintext;
  }
}
