import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { ServerIdentity } from './certificates.js';
import { agree, generateKeyPair } from './key-pair.js';
import { NoiseState } from './noise-state.js';
import type { NoiseTransport } from './noise-state.js';

const PROLOGUE = Buffer.from([0x57, 0x41, 6, 3]);
const XX = 'Noise_XX_25519_AESGCM_SHA256';
const IK = 'Noise_IK_25519_AESGCM_SHA256';
const FALLBACK = 'Noise_XXfallback_25519_AESGCM_SHA256';

/** The first message of a client that resumes: its keys and all it has to say. */
interface Resumption {
  ephemeral: Uint8Array;
  sealedStatic: Uint8Array;
  sealedPayload: Uint8Array;
}

/** What the client proved and said in its last handshake message. */
export interface ClientFinish {
  staticKey: Buffer;
  payload: proto.ClientPayload;
  transport: NoiseTransport;
}

/** The server hello, and what the client has proved already when it resumed an acquaintance. */
export interface Greeting {
  reply: Buffer;
  finish: ClientFinish | undefined;
}

/**
 * The responder side of the handshake with WhatsApp's certificate chain. A stranger speaks XX: three messages. A client
 * that kept the server's key speaks IK and has said everything in its first message; when the key it kept is not ours
 * any more, both fall back to XX.
 */
export class NoiseServer {
  private state = new NoiseState(XX, PROLOGUE);
  private readonly ephemeral = generateKeyPair();

  constructor(private readonly identity: ServerIdentity) {}

  /** Answers the client hello. */
  hello(message: Buffer): Greeting {
    const { ephemeral, static: sealedStatic, payload } = proto.HandshakeMessage.decode(message).clientHello ?? {};
    if (!ephemeral) throw new Error('client hello without key');
    if (sealedStatic?.length && payload?.length) {
      const resumed = this.resume({ ephemeral, sealedStatic, sealedPayload: payload });
      if (resumed) return resumed;
      this.state = new NoiseState(FALLBACK, PROLOGUE);
    }
    return { reply: this.introduce(ephemeral), finish: undefined };
  }

  /** Reads the client finish and splits the keys. */
  finish(message: Buffer): ClientFinish {
    const clientFinish = proto.HandshakeMessage.decode(message).clientFinish;
    if (!clientFinish?.static || !clientFinish.payload) throw new Error('incomplete client finish');
    const staticKey = this.state.open(clientFinish.static);
    this.state.mixKey(agree(this.ephemeral.privateKey, staticKey));
    const payload = proto.ClientPayload.decode(this.state.open(clientFinish.payload));
    return { staticKey, payload, transport: this.state.split() };
  }

  /** The second message of XX: own keys, and the proof that they are the service's. */
  private introduce(clientEphemeral: Uint8Array): Buffer {
    const { state, ephemeral, identity } = this;
    state.mixHash(clientEphemeral);
    state.mixHash(ephemeral.publicKey);
    state.mixKey(agree(ephemeral.privateKey, clientEphemeral));
    const sealedStatic = state.seal(identity.staticKey.publicKey);
    state.mixKey(agree(identity.staticKey.privateKey, clientEphemeral));
    const payload = state.seal(identity.certificateChain);
    return encodeHello({ ephemeral: ephemeral.publicKey, static: sealedStatic, payload });
  }

  /** The whole of IK; undefined when the client meant another server key. */
  private resume(hello: Resumption): Greeting | undefined {
    const { ephemeral, identity } = this;
    const state = new NoiseState(IK, PROLOGUE);
    const said = readResumption(state, hello, identity);
    if (!said) return undefined;
    state.mixHash(ephemeral.publicKey);
    state.mixKey(agree(ephemeral.privateKey, hello.ephemeral));
    state.mixKey(agree(ephemeral.privateKey, said.staticKey));
    const reply = encodeHello({ ephemeral: ephemeral.publicKey, payload: state.seal(identity.certificateChain) });
    return { reply, finish: { ...said, transport: state.split() } };
  }
}

function readResumption(state: NoiseState, hello: Resumption, { staticKey: own }: ServerIdentity) {
  state.mixHash(own.publicKey);
  state.mixHash(hello.ephemeral);
  state.mixKey(agree(own.privateKey, hello.ephemeral));
  try {
    const staticKey = state.open(hello.sealedStatic);
    state.mixKey(agree(own.privateKey, staticKey));
    return { staticKey, payload: proto.ClientPayload.decode(state.open(hello.sealedPayload)) };
  } catch {
    return undefined;
  }
}

function encodeHello(serverHello: proto.HandshakeMessage.IServerHello): Buffer {
  return Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish());
}
