import { composeMedia } from '../../media/media-message.js';
import type { MediaKind } from '../../media/media-message.js';
import type { Behaviour } from '../behaviour.js';
import { textOf } from '../plaintext.js';
import { reader } from './basic.js';

/** Reads and answers each text with something of this kind; a picture gets the text as its caption. */
function senderOf(kind: MediaKind): Behaviour {
  return {
    ...reader,
    onLetter: async (actor, { chat, message }) => {
      const caption = textOf(message);
      if (caption === null) return;
      await actor.answer(chat, await composeMedia(actor.media, actor.core.seed, { kind, caption }));
    },
  };
}

/** People who send something back for each text. */
export const mediaSenders = {
  imageSender: senderOf('image'),
  videoSender: senderOf('video'),
  voiceSender: senderOf('voice'),
  documentSender: senderOf('document'),
  stickerSender: senderOf('sticker'),
};
