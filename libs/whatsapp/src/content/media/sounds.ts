import type { ContentKind } from '../content-kind.js';
import { readFile, writeFile, writeSeconds } from './file-fields.js';

export const audio: ContentKind<'audio'> = {
  type: 'audio',
  fields: ['audioMessage'],
  write: ({ media }) => ({ audioMessage: { ...writeFile(media), ...writeSeconds(media), ptt: false } }),
  read: ({ audioMessage }) => ({ type: 'audio', media: readFile(audioMessage) }),
};

/** A voice note. The apps play it only when the codec is part of its type. */
export const voice: ContentKind<'voice'> = {
  type: 'voice',
  fields: ['audioMessage'],
  accepts: ({ audioMessage }) => audioMessage?.ptt ?? false,
  write: ({ media }) => ({
    audioMessage: { ...writeFile(media), ...writeSeconds(media), mimetype: 'audio/ogg; codecs=opus', ptt: true },
  }),
  read: ({ audioMessage }) => ({ type: 'voice', media: readFile(audioMessage) }),
};
