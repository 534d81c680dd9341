import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Client } from '../network/client.js';
import { SERVICE, userJid } from '../wire/jid.js';
import { child, stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { Problem } from '../world/problem.js';
import { UploadedKeys } from '../world/uploaded-keys.js';
import { vouchFor } from './device-identity.js';
import { readRegistration } from './registration.js';

const SIGN_TIMEOUT_MS = 20_000;

/** The result of linking, as the person holding the phone sees it. */
export interface LinkedDevice {
  pn: string;
  lid: string;
  device: number;
  jid: string;
}

interface PendingLink {
  companion: Companion;
  settle: (outcome: LinkedDevice | Problem) => void;
}

/** Linking of new companions: offers QR references, lets a phone scan one, waits for the client's signature. */
export class Pairing {
  private readonly byRef = new Map<string, Client>();
  private readonly pending = new Map<Client, PendingLink>();
  private issued = 0;

  constructor(
    private readonly core: Core,
    private readonly accountFor: (pn: string) => Account,
    private readonly linked: (companion: Companion) => void,
  ) {}

  /** Offers the QR references; false when the payload does not ask to be linked. */
  offer(client: Client, payload: proto.ClientPayload, noiseKey: Buffer): boolean {
    const registration = readRegistration(payload, noiseKey);
    if (!registration) return false;
    client.registration = registration;
    const refs = [...registration.refs];
    for (const ref of refs) this.byRef.set(ref, client);
    const offer = stanza(
      'pair-device',
      {},
      refs.map((ref) => stanza('ref', {}, Buffer.from(ref))),
    );
    this.core.write(client.connection, stanza('iq', this.request(), [offer]));
    return true;
  }

  /** A phone scans the text of a QR code; resolves when the client has signed. */
  async scan(pn: string, qr: string): Promise<LinkedDevice> {
    const { client, advSecret } = this.read(qr);
    return this.link(client, this.accountFor(pn), advSecret);
  }

  /** The client that shows this QR code, and the secret in it; refuses codes that cannot be scanned. */
  read(qr: string): { client: Client; advSecret: Buffer } {
    const [ref = '', noiseKey, identity, advSecret] = qr.slice(qr.indexOf('#') + 1).split(',');
    const client = this.byRef.get(ref);
    if (!client?.registration)
      throw new Problem(409, 'qr.unknown', 'This QR code is unknown, used or no longer shown.');
    const { registration } = client;
    const isGenuine =
      registration.noiseKey.toString('base64') === noiseKey && registration.identity.toString('base64') === identity;
    if (!isGenuine || !advSecret) throw new Problem(409, 'qr.mismatch', 'The QR code does not match the client.');
    return { client, advSecret: Buffer.from(advSecret, 'base64') };
  }

  /** Sends the proof that the phone accepted and waits for the client's answer. */
  async link(client: Client, account: Account, advSecret: Buffer): Promise<LinkedDevice> {
    const { registration } = client;
    if (!registration || this.pending.has(client))
      throw new Problem(409, 'qr.unknown', 'This client is already linked.');
    this.forgetRefs(client);
    const { registrationId, identity, signedPreKey, noiseKey, props } = registration;
    const keys = new UploadedKeys(registrationId, identity, signedPreKey);
    const [device, keyIndex] = [account.nextDeviceId(), account.nextKeyIndex()];
    const companion = new Companion(account, device, keyIndex, keys, noiseKey, this.core);
    companion.props = props;
    const outcome = await new Promise<LinkedDevice | Problem>((resolve) => {
      const timer = setTimeout(
        () => settle(new Problem(504, 'pairing.timeout', 'No answer in time.')),
        SIGN_TIMEOUT_MS,
      );
      const settle = (result: LinkedDevice | Problem): void => {
        clearTimeout(timer);
        this.pending.delete(client);
        resolve(result);
      };
      this.pending.set(client, { companion, settle });
      const claim = { companion: identity, keyIndex, timestamp: this.core.clock.seconds() };
      const proof = vouchFor(account.identityKey, claim, advSecret);
      this.core.write(client.connection, this.success(companion, proof));
    });
    if (outcome instanceof Problem) throw outcome;
    return outcome;
  }

  /** The client signed: it is a device from now on and must log in again. */
  signed(client: Client, iq: Stanza): void {
    const pending = this.pending.get(client);
    if (!pending || !child(iq, 'pair-device-sign')) return;
    const { account, id } = pending.companion;
    // Another client was linked under the last free number in the meantime.
    if (account.devices.has(id)) {
      client.connection.close();
      return pending.settle(new Problem(409, 'account.devices-full', `${account.pn} has no room for another device.`));
    }
    this.linked(pending.companion);
    this.core.write(client.connection, stanza('stream:error', { code: 515 }));
    client.connection.close();
    pending.settle({ pn: account.pn, lid: account.lid, device: id, jid: userJid('pn', account.pn, id) });
  }

  dropped(client: Client): void {
    this.forgetRefs(client);
    this.pending.get(client)?.settle(new Problem(409, 'pairing.aborted', 'The client went away before it signed.'));
  }

  private success({ account, id }: Companion, proof: Buffer): Stanza {
    const identity = stanza('device-identity', {}, proof);
    const device = stanza('device', { jid: account.jid('pn', id), lid: account.jid('lid', id) });
    const platform = stanza('platform', { name: 'android' });
    const business = account.verifiedName === undefined ? [] : [stanza('biz', { name: account.verifiedName })];
    return stanza('iq', this.request(), [stanza('pair-success', {}, [identity, device, platform, ...business])]);
  }

  private request(): Record<string, string> {
    return { from: SERVICE, type: 'set', id: `pair-${++this.issued}`, xmlns: 'md' };
  }

  private forgetRefs({ registration }: Client): void {
    for (const ref of registration?.refs ?? []) this.byRef.delete(ref);
  }
}
