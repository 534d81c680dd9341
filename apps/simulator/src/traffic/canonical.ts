import { toXml } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Sighting } from './sighting.js';

const idAttributes = new Set(['id', 'sid', 'msg_id', 'stanza-id']);
const timeAttributes = new Set(['t', 'ts', 'timestamp']);

/** A stanza as it looks in every run of the same script with the same seed and a stopped clock. */
export interface Canonical {
  account: string | null;
  device: number | null;
  direction: string;
  xml: string;
}

/**
 * Renders stanzas without what clients and ciphers choose by chance: bytes are masked, ids that clients made are
 * renamed in order of appearance, and the times they name are left out. What remains was decided by the network.
 * `history` tells who used an id first.
 */
export function canonical(sightings: Sighting[], history: Sighting[]): Canonical[] {
  const chosenByClients = idsOfClients(history);
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    if (!chosenByClients.has(id)) return id;
    const name = names.get(id) ?? `client-${names.size + 1}`;
    names.set(id, name);
    return name;
  };
  return sightings.map(({ account, device, direction, stanza }) => {
    return { account, device, direction, xml: toXml(masked(stanza, direction === 'in', nameOf)) };
  });
}

function masked(node: Stanza, isFromClient: boolean, nameOf: (id: string) => string): Stanza {
  const attrs: Stanza['attrs'] = {};
  for (const [name, value] of Object.entries(node.attrs)) {
    if (idAttributes.has(name)) attrs[name] = nameOf(value);
    else attrs[name] = isFromClient && timeAttributes.has(name) ? '…' : value;
  }
  const { content } = node;
  if (content === undefined) return { tag: node.tag, attrs };
  if (Array.isArray(content))
    return {
      tag: node.tag,
      attrs,
      content: content.filter(isRepeated).map((inner) => masked(inner, isFromClient, nameOf)),
    };
  return { tag: node.tag, attrs, content: typeof content === 'string' ? content : '…' };
}

/** Clients add a reporting token to a message or leave it out, as it happens. */
const isRepeated = ({ tag }: Stanza): boolean => tag !== 'reporting';

/** Ids that came in before they went out. */
function idsOfClients(history: Sighting[]): Set<string> {
  const [clients, network] = [new Set<string>(), new Set<string>()];
  const note = (node: Stanza, own: Set<string>, other: Set<string>): void => {
    for (const name of idAttributes) {
      const id = node.attrs[name];
      if (id !== undefined && !other.has(id)) own.add(id);
    }
    if (Array.isArray(node.content)) for (const inner of node.content) note(inner, own, other);
  };
  for (const { direction, stanza } of history) {
    if (direction === 'in') note(stanza, clients, network);
    else note(stanza, network, clients);
  }
  return clients;
}
