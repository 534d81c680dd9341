import { Parser } from 'htmlparser2';

/** What a web page says about itself. */
export interface PageFacts {
  title?: string;
  description?: string;
  image?: string;
}

const MAX_TITLE = 300;
const MAX_DESCRIPTION = 1000;

/** By how much it is trusted: what is written for previews first. */
const TITLES = ['og:title', 'twitter:title', 'title'];
const DESCRIPTIONS = ['og:description', 'twitter:description', 'description'];
const IMAGES = ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image'];

/** Reads the head of an HTML page; broken HTML gives what can be found. */
export function pageFacts(html: string): PageFacts {
  const found = new Map<string, string>();
  let isInTitle = false;
  const parser = new Parser({
    onopentag(tag, { property, name, content }) {
      isInTitle = tag === 'title' && !found.has('title');
      const key = (property ?? name)?.toLowerCase();
      if (tag === 'meta' && key && content && !found.has(key)) found.set(key, content);
    },
    ontext(text) {
      if (isInTitle) found.set('title', (found.get('title') ?? '') + text);
    },
    onclosetag(tag) {
      if (tag === 'title') isInTitle = false;
    },
  });
  parser.end(html);
  const first = (keys: string[], max: number) => {
    const value = keys.map((key) => found.get(key)?.replace(/\s+/g, ' ').trim()).find(Boolean);
    return value?.slice(0, max);
  };
  return {
    title: first(TITLES, MAX_TITLE),
    description: first(DESCRIPTIONS, MAX_DESCRIPTION),
    image: first(IMAGES, 2048),
  };
}

/** The first link in a text, without the punctuation behind it. */
export const firstLink = (text: string): string | null =>
  /https?:\/\/[^\s<>"']+/i.exec(text)?.[0].replace(/[.,;:!?)\]}*_~]+$/, '') ?? null;
