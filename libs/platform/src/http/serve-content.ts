import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import type { ByteRange } from '../storage/media-storage.js';

export interface Content {
  mimeType: string;
  sizeBytes: number;
  /** Of the content; never the same for different bytes. */
  hash: string;
  fileName: string | null;
  open: (range?: ByteRange) => Promise<Readable>;
}

/** What a browser may show in place; anything else, HTML and SVG above all, could act in our name and is saved. */
const SHOWN = /^(image\/(jpeg|png|gif|webp)|audio\/[\w.-]+|video\/[\w.-]+|application\/pdf|text\/plain)$/;

/** Answers with a file, or with the part of it that `Range` asks for, or with 304 when the caller has it already. */
export async function serveContent(request: FastifyRequest, reply: FastifyReply, content: Content): Promise<void> {
  const etag = `"${content.hash}"`;
  void reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': disposition(content),
    'content-security-policy': "default-src 'none'; sandbox",
  });
  if (request.headers['if-none-match'] === etag) return void reply.code(304).send();
  const { 'if-range': ifRange, range: wanted } = request.headers;
  const range = ifRange === undefined || ifRange === etag ? rangeOf(wanted, content.sizeBytes) : null;
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${content.sizeBytes}`);
    throw new AppError('range', 'request.range', `The file has ${content.sizeBytes} bytes; the range lies outside.`);
  }
  if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${content.sizeBytes}`);
  const length = range ? range.end - range.start + 1 : content.sizeBytes;
  // Opened first: what is gone must be answered with a problem, not with headers of a file.
  const stream = request.method === 'HEAD' ? Readable.from([]) : await content.open(range ?? undefined);
  void reply.header('content-length', length).type(content.mimeType).send(stream);
}

/** One range of bytes; several at once are answered with the whole file, which the standard allows. */
function rangeOf(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start >= size || start > end ? 'unsatisfiable' : { start, end };
}

function disposition({ mimeType, fileName }: Content): string {
  const way = SHOWN.test(mimeType) ? 'inline' : 'attachment';
  if (fileName === null) return way;
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, escapeByte);
  return `${way}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

const escapeByte = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
