import { document } from './document.js';
import { gif, image, sticker, video, videoNote } from './pictures.js';
import { audio, voice } from './sounds.js';

/** Messages that bring a file; those that are told apart by a flag come before those that lack it. */
export const mediaContentKinds = [image, gif, video, videoNote, voice, audio, document, sticker] as const;
