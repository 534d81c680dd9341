import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  proto,
  S_WHATSAPP_NET,
  type WASocket,
} from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import { timeOf } from '../map/numbers.js';
import { askNode } from './ask.js';

/** A device of somebody. WhatsApp does not tell what kind of computer it is. */
export interface PersonDevice {
  /** 0 is the phone. */
  id: number;
  kind: 'phone' | 'companion' | 'hosted';
}

/** What WhatsApp tells about somebody. */
export interface PersonProfile {
  waId: string;
  lid: string | null;
  isOnWhatsApp: boolean;
  /** Null when there is none or it is hidden from the account. */
  about: string | null;
  isAboutHidden: boolean;
  /** RFC 3339 */
  aboutSetAt: string | null;
  /** Null when there is none, it is hidden, or WhatsApp did not say. */
  pictureId: string | null;
  isBusiness: boolean;
  verifiedName: string | null;
  devices: PersonDevice[];
}

const PROTOCOLS: Record<'profile' | 'about' | 'devices' | 'lid', BinaryNode[]> = {
  profile: [
    { tag: 'business', attrs: {}, content: [{ tag: 'verified_name', attrs: {} }] },
    { tag: 'status', attrs: {} },
    { tag: 'picture', attrs: {} },
    { tag: 'devices', attrs: { version: '2' } },
    { tag: 'lid', attrs: {} },
  ],
  about: [{ tag: 'status', attrs: {} }],
  devices: [{ tag: 'devices', attrs: { version: '2' } }],
  lid: [{ tag: 'lid', attrs: {} }],
};

/** Asks one question about many people; answers the `<user>` of each whom WhatsApp knows, by waId. */
export async function askAboutPeople(
  socket: WASocket,
  jids: string[],
  what: keyof typeof PROTOCOLS | BinaryNode[],
  userContent: (jid: string) => BinaryNode[] = () => [],
): Promise<Map<string, BinaryNode>> {
  const query = { tag: 'query', attrs: {}, content: typeof what === 'string' ? PROTOCOLS[what] : what };
  const users = jids.map((jid) => ({ tag: 'user', attrs: { jid }, content: userContent(jid) }));
  const attrs = { context: 'interactive', mode: 'query', sid: socket.generateMessageTag(), last: 'true', index: '0' };
  const usync = { tag: 'usync', attrs, content: [query, { tag: 'list', attrs: {}, content: users }] };
  const iq = { tag: 'iq', attrs: { to: S_WHATSAPP_NET, type: 'get', xmlns: 'usync' }, content: [usync] };
  const answer = await askNode(socket, iq);
  const list = getBinaryNodeChild(getBinaryNodeChild(answer, 'usync'), 'list');
  return new Map(getBinaryNodeChildren(list, 'user').map((user) => [toWaId(user.attrs.jid ?? ''), user]));
}

/** Reads a `<user>`; undefined stands for somebody whom WhatsApp does not know. */
export function readPerson(waId: string, user: BinaryNode | undefined): PersonProfile {
  const devices = readDevices(user);
  const business = getBinaryNodeChild(user, 'business');
  return {
    waId,
    lid: readLid(user),
    isOnWhatsApp: devices.length > 0,
    ...readAbout(user),
    pictureId: getBinaryNodeChild(user, 'picture')?.attrs.id ?? null,
    isBusiness: business !== undefined,
    verifiedName: readVerifiedName(getBinaryNodeChild(business, 'verified_name')),
    devices,
  };
}

/** What somebody says about themselves. */
export function readAbout(user: BinaryNode | undefined): Pick<PersonProfile, 'about' | 'isAboutHidden' | 'aboutSetAt'> {
  const status = getBinaryNodeChild(user, 'status');
  const isAboutHidden = status?.attrs.code === '401';
  const about = (!isAboutHidden && textOf(status)) || null;
  return { about, isAboutHidden, aboutSetAt: (about && timeOf(Number(status?.attrs.t ?? 0))) || null };
}

export function readDevices(user: BinaryNode | undefined): PersonDevice[] {
  const list = getBinaryNodeChild(getBinaryNodeChild(user, 'devices'), 'device-list');
  return getBinaryNodeChildren(list, 'device').map(({ attrs }) => {
    const id = Number(attrs.id);
    return { id, kind: id === 0 ? 'phone' : attrs.is_hosted === 'true' ? 'hosted' : 'companion' };
  });
}

export function readLid(user: BinaryNode | undefined): string | null {
  const { val } = getBinaryNodeChild(user, 'lid')?.attrs ?? {};
  return val ? toWaId(val) : null;
}

/** The text of a node, however it was packed. */
export function textOf(node: BinaryNode | undefined): string | undefined {
  const { content } = node ?? {};
  if (typeof content === 'string') return content;
  return content instanceof Uint8Array ? Buffer.from(content).toString() : undefined;
}

/** A certificate, of which only the name is of interest. */
function readVerifiedName(node: BinaryNode | undefined): string | null {
  if (!(node?.content instanceof Uint8Array)) return textOf(node) ?? null;
  try {
    const { details } = proto.VerifiedNameCertificate.decode(node.content);
    return (details && proto.VerifiedNameCertificate.Details.decode(details).verifiedName) || null;
  } catch {
    return null;
  }
}
