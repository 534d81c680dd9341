import { basename } from 'node:path';

const LONGEST = 200;

/** The bare name, without folders and what no file system or header can hold; null when nothing is left. */
export function tidyName(name: string | null | undefined): string | null {
  const bare = basename((name ?? '').replaceAll('\\', '/')).replace(/\p{C}/gu, '');
  // The end is kept: it says what the file is. Cut by character, or one could be cut in half.
  const tidy = [...bare.trim()].slice(-LONGEST).join('');
  return tidy === '' || tidy === '.' || tidy === '..' ? null : tidy;
}
