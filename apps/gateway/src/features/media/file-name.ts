import { basename, extname } from 'node:path';

const LONGEST = 200;

const extensions: Record<string, string> = {
  'audio/mp4': '.m4a',
  'audio/ogg': '.ogg',
  'image/jpeg': '.jpg',
  'image/webp': '.webp',
  'video/mp4': '.mp4',
};

/** The name with the ending of what the file was made into. */
export const renamed = (name: string | null, mimeType: string): string | null =>
  name && `${name.slice(0, name.length - extname(name).length)}${extensions[mimeType] ?? ''}`;

/** The bare name, without folders and what no file system or header can hold; null when nothing is left. */
export function tidyName(name: string | null | undefined): string | null {
  const bare = basename((name ?? '').replaceAll('\\', '/')).replace(/\p{C}/gu, '');
  // The end is kept: it says what the file is. Cut by character, or one could be cut in half.
  const tidy = [...bare.trim()].slice(-LONGEST).join('');
  return tidy === '' || tidy === '.' || tidy === '..' ? null : tidy;
}
