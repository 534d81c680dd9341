import * as dictionary from '@whiskeysockets/baileys/lib/WABinary/constants.js';
import { decodeDecompressedBinaryNode } from '@whiskeysockets/baileys/lib/WABinary/decode.js';
import { encodeBinaryNode } from '@whiskeysockets/baileys/lib/WABinary/encode.js';
import type { BinaryNode } from '@whiskeysockets/baileys/lib/WABinary/types.js';
import { inflateSync } from 'node:zlib';

/** One element of the binary protocol: what travels inside a transport frame. */
export type Stanza = BinaryNode;

type Attributes = Record<string, string | number | undefined>;

/** The words that have a number. What clients send is looked up here, so it must not find what every object inherits. */
const words: typeof dictionary.TOKEN_MAP = { ...dictionary.TOKEN_MAP };
Object.setPrototypeOf(words, null);
const encoding = { TAGS: dictionary.TAGS, TOKEN_MAP: words };

const COMPRESSED = 2;
const MAX_INFLATED_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_NODES = 50_000;
const MAX_ATTRIBUTES = 256;

/** Builds a stanza; attributes that are undefined are left out. */
export function stanza(tag: string, attributes: Attributes = {}, content?: Stanza['content']): Stanza {
  const attrs: Stanza['attrs'] = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) attrs[name] = String(value);
  }
  return content === undefined ? { tag, attrs } : { tag, attrs, content };
}

/** Decodes a decrypted frame: one flag byte, then the (possibly compressed) stanza. */
export function decodeStanza(frame: Buffer): Stanza {
  if (frame.length < 2) throw new Error('empty stanza');
  const isCompressed = (frame[0] ?? 0) & COMPRESSED;
  const body = isCompressed
    ? inflateSync(frame.subarray(1), { maxOutputLength: MAX_INFLATED_BYTES })
    : frame.subarray(1);
  const node: Stanza = decodeDecompressedBinaryNode(body, dictionary);
  assertModest(node);
  return node;
}

/** Whoever handles a stanza may walk through it recursively; what no client ever builds is refused here, once. */
function assertModest(root: Stanza): void {
  let level = [root];
  let nodes = 0;
  for (let depth = 1; level.length > 0; depth++) {
    nodes += level.length;
    if (depth > MAX_DEPTH || nodes > MAX_NODES) throw new Error('immodest stanza');
    for (const node of level) if (Object.keys(node.attrs).length > MAX_ATTRIBUTES) throw new Error('immodest stanza');
    level = level.flatMap((node) => children(node));
  }
}

/** Encodes a stanza with the leading flag byte, uncompressed. */
export function encodeStanza(node: Stanza): Buffer {
  return encodeBinaryNode(node, encoding);
}

/** What an element costs to keep besides its text and bytes, roughly. */
const ELEMENT_BYTES = 64;

/** How much memory a stanza takes, roughly. */
export function sizeOf({ tag, attrs, content }: Stanza): number {
  let size = ELEMENT_BYTES + tag.length;
  for (const [name, value] of Object.entries(attrs)) size += name.length + value.length;
  if (Array.isArray(content)) for (const inner of content) size += sizeOf(inner);
  else size += content?.length ?? 0;
  return size;
}

/** All child elements, or those with one tag. */
export function children(node: Stanza | undefined, tag?: string): Stanza[] {
  if (!Array.isArray(node?.content)) return [];
  return tag === undefined ? node.content : node.content.filter((item) => item.tag === tag);
}

/** The first child element, or the first with the given tag. */
export function child(node: Stanza | undefined, tag?: string): Stanza | undefined {
  if (!Array.isArray(node?.content)) return undefined;
  return tag === undefined ? node.content[0] : node.content.find((item) => item.tag === tag);
}

/** The content as bytes; empty when there is none. The codec turns dictionary words into strings, so both forms occur. */
export function contentBytes(node: Stanza | undefined): Buffer {
  const content = node?.content;
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array
    ? Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    : Buffer.alloc(0);
}

/** The content as text. */
export function contentText(node: Stanza | undefined): string {
  return typeof node?.content === 'string' ? node.content : contentBytes(node).toString('utf8');
}

const escaped: Record<string, string> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const escapeXml = (text: string): string => text.replace(/[&<"]/g, (char) => escaped[char] ?? char);

/** A readable form of a stanza; binary content is shown in base64 with its length. */
export function toXml(node: Stanza): string {
  const attrs = Object.entries(node.attrs).map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  const open = `<${node.tag}${attrs.join('')}`;
  const { content } = node;
  if (content === undefined) return `${open}/>`;
  if (Array.isArray(content)) return `${open}>${content.map(toXml).join('')}</${node.tag}>`;
  const inner =
    typeof content === 'string'
      ? escapeXml(content)
      : `<!-- ${content.length} bytes -->${Buffer.from(content).toString('base64')}`;
  return `${open}>${inner}</${node.tag}>`;
}
