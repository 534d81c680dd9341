import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';

interface Claims {
  mimeType?: string | null;
  /** With its dot. */
  extension?: string | null;
}

/** Types without a signature of their own, which a name or header may decide between. */
const unsigned: Record<string, string> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.html': 'text/html',
  '.ics': 'text/calendar',
  '.vcf': 'text/vcard',
};

/** Other words for the same thing. */
const spellings: Record<string, string> = {
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'audio/vnd.wave': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/opus': 'audio/ogg',
  'image/apng': 'image/png',
};

/**
 * What a file is, by its bytes. A name or a header is believed only where the bytes have no signature, and only for
 * texts: nothing becomes a picture or a program because somebody says so.
 */
export async function sniff(path: string, { mimeType, extension }: Claims): Promise<string> {
  const found = await fileTypeFromFile(path).catch(() => undefined);
  if (found) return bare(found.mime);
  if (!(await looksLikeText(path))) return 'application/octet-stream';
  const claimed = bare(mimeType ?? '');
  const byName = unsigned[(extension ?? '').toLowerCase()];
  return byName ?? (Object.values(unsigned).includes(claimed) ? claimed : 'text/plain');
}

/** Without parameters, in one spelling: `audio/ogg; codecs=opus` → `audio/ogg`. */
export function bare(mimeType: string): string {
  const name = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  return spellings[name] ?? name;
}

async function looksLikeText(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    // A character may be cut in two at the end, which a stream of text allows.
    new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), { stream: true });
    return !buffer.subarray(0, bytesRead).includes(0);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
