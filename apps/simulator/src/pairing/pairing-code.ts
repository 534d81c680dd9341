import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Client } from '../network/client.js';
import { notice } from '../network/notice.js';
import { SERVICE, parseJid } from '../wire/jid.js';
import { agree, deriveBytes, generateKeyPair } from '../wire/key-pair.js';
import type { KeyPair } from '../wire/key-pair.js';
import { child, contentBytes, contentText, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import { Problem } from '../world/problem.js';
import type { LinkedDevice, Pairing } from './pairing.js';

const ITERATIONS = 131_072;
/** Salt, initialization vector and key. */
const WRAPPED_BYTES = 32 + 16 + 32;
const FINISH_TIMEOUT_MS = 20_000;
const stretch = promisify(pbkdf2);

interface Invitation {
  client: Client;
  pn: string;
  ref: string;
  wrappedKey: Buffer;
}

interface Entry {
  invitation: Invitation;
  account: Account;
  ephemeral: KeyPair;
  companionKey: Buffer;
  settle: (outcome: Buffer | Problem) => void;
}

/** Linking by typing an eight-character code on the phone instead of scanning. */
export class PairingCode {
  private readonly invitations = new Map<string, Invitation>();
  /** The number for which a client shows a code; a new code replaces it. */
  private readonly shownBy = new Map<Client, string>();
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly core: Core,
    private readonly pairing: Pairing,
    private readonly accountFor: (pn: string) => Account,
  ) {}

  /** A client shows a code to be typed on the phone with this number; undefined when it says so in the wrong way. */
  hello(client: Client, registration: Stanza): Stanza[] | undefined {
    const pn = parseJid(registration.attrs.jid)?.user ?? '';
    const wrappedKey = contentBytes(child(registration, 'link_code_pairing_wrapped_companion_ephemeral_pub'));
    if (wrappedKey.length !== WRAPPED_BYTES || !pn) return undefined;
    this.withdraw(client);
    const ref = `code-${randomBytes(9).toString('base64url')}`;
    this.shownBy.set(client, pn);
    this.invitations.set(pn, { client, pn, ref, wrappedKey });
    const answer = [stanza('link_code_pairing_ref', {}, Buffer.from(ref))];
    return [stanza('link_code_companion_reg', { stage: 'companion_hello' }, answer)];
  }

  /** The code is typed on the phone; resolves when the companion is linked. */
  async enter(pn: string, code: string): Promise<LinkedDevice> {
    const invitation = this.invitationFor(pn);
    const account = this.accountFor(pn);
    const normalized = code.replaceAll('-', '').toUpperCase();
    const companionKey = await unwrap(invitation.wrappedKey, normalized);
    const ephemeral = generateKeyPair();
    const wrapped = await wrap(ephemeral.publicKey, normalized);
    const advSecret = await new Promise<Buffer | Problem>((resolve) => {
      const timer = setTimeout(
        () => settle(new Problem(504, 'pairing.timeout', 'No answer in time.')),
        FINISH_TIMEOUT_MS,
      );
      const settle = (outcome: Buffer | Problem): void => {
        clearTimeout(timer);
        this.entries.delete(invitation.ref);
        resolve(outcome);
      };
      this.entries.set(invitation.ref, { invitation, account, ephemeral, companionKey, settle });
      this.core.write(invitation.client.connection, this.primaryHello(invitation, wrapped, account));
    });
    if (advSecret instanceof Problem) throw advSecret;
    this.withdraw(invitation.client);
    return this.pairing.link(invitation.client, account, advSecret);
  }

  /** What a client shows for this number; refused when there is none. */
  invitationFor(pn: string): Invitation {
    const invitation = this.invitations.get(pn);
    if (!invitation) throw new Problem(409, 'pair-code.unknown', 'No client shows a code for this number.');
    return invitation;
  }

  /** The client's last word; false when it proves that a wrong code was typed. */
  finish(registration: Stanza): boolean {
    const entry = this.entries.get(contentText(child(registration, 'link_code_pairing_ref')));
    if (!entry) return false;
    const identity = contentBytes(child(registration, 'companion_identity_public'));
    const bundle = contentBytes(child(registration, 'link_code_pairing_wrapped_key_bundle'));
    try {
      const secret = agreeOnSecret(entry, identity, bundle);
      // The answer to this stanza must be on the wire before the proof follows.
      this.core.clock.soon(() => entry.settle(secret));
      return true;
    } catch {
      entry.settle(new Problem(409, 'pair-code.wrong', 'The code is wrong.'));
      return false;
    }
  }

  dropped(client: Client): void {
    this.withdraw(client);
    for (const entry of this.entries.values())
      if (entry.invitation.client === client)
        entry.settle(new Problem(409, 'pairing.aborted', 'The client went away before it was linked.'));
  }

  private withdraw(client: Client): void {
    const pn = this.shownBy.get(client) ?? '';
    this.shownBy.delete(client);
    if (this.invitations.get(pn)?.client === client) this.invitations.delete(pn);
  }

  private primaryHello({ ref }: Invitation, wrapped: Buffer, account: Account): Stanza {
    const body = stanza('link_code_companion_reg', { stage: 'primary_hello' }, [
      stanza('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
      stanza('primary_identity_pub', {}, account.identityKey.publicKey),
      stanza('link_code_pairing_ref', {}, Buffer.from(ref)),
    ]);
    return notice(this.core, { from: SERVICE, type: 'link_code_companion_reg' }, [body]);
  }
}

function agreeOnSecret({ account, ephemeral, companionKey }: Entry, identity: Buffer, bundle: Buffer): Buffer {
  const shared = agree(ephemeral.privateKey, companionKey);
  const key = deriveBytes(shared, 32, bundle.subarray(0, 32), 'link_code_pairing_key_bundle_encryption_key');
  const sealed = bundle.subarray(44);
  const decipher = createDecipheriv('aes-256-gcm', key, bundle.subarray(32, 44));
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  if (!plain.subarray(0, 32).equals(identity)) throw new Error('identity mismatch');
  const random = plain.subarray(64, 96);
  const identities = agree(account.identityKey.privateKey, identity);
  return deriveBytes(Buffer.concat([shared, identities, random]), 32, Buffer.alloc(0), 'adv_secret');
}

async function wrap(publicKey: Buffer, code: string): Promise<Buffer> {
  const [salt, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-ctr', await stretch(code, salt, ITERATIONS, 32, 'sha256'), iv);
  return Buffer.concat([salt, iv, cipher.update(publicKey), cipher.final()]);
}

async function unwrap(wrapped: Buffer, code: string): Promise<Buffer> {
  const key = await stretch(code, wrapped.subarray(0, 32), ITERATIONS, 32, 'sha256');
  const decipher = createDecipheriv('aes-256-ctr', key, wrapped.subarray(32, 48));
  return Buffer.concat([decipher.update(wrapped.subarray(48)), decipher.final()]);
}
