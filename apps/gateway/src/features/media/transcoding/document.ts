import { createReadStream } from 'node:fs';
import type { Draft } from '../media-intake.service.js';
import { measure, pictures, thumbnailOf } from './picture.js';
import type { Prepared } from './recipe.js';

/** A bit more than the text that is looked for. */
const OVERLAP = 40;

/** Any file as it is; pictures get a thumbnail and PDFs a page count, where that is cheap. */
export async function prepareDocument({ path, mimeType }: Draft): Promise<Prepared> {
  // A document need not be a good picture.
  const thumbnail = pictures.includes(mimeType) ? await previewOf(path).catch(() => null) : null;
  const pageCount = mimeType === 'application/pdf' ? await pagesOf(path) : null;
  return { path, mimeType, facts: { thumbnail, pageCount } };
}

async function previewOf(path: string): Promise<Buffer> {
  await measure(path);
  return thumbnailOf(path);
}

/** Counts the page objects of a PDF; null where they are in compressed streams. */
async function pagesOf(path: string): Promise<number | null> {
  let [count, rest] = [0, ''];
  for await (const chunk of createReadStream(path, { encoding: 'latin1' })) {
    const text = rest + String(chunk);
    // What may go on in the next chunk is counted there.
    const safe = text.length - OVERLAP;
    for (const { index } of text.matchAll(/\/Type\s{0,8}\/Page(?![A-Za-z])/g)) if (index < safe) count += 1;
    rest = safe > 0 ? text.slice(safe) : text;
  }
  count += [...rest.matchAll(/\/Type\s{0,8}\/Page(?![A-Za-z])/g)].length;
  return count || null;
}
