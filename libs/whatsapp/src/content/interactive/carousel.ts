import { proto } from '@whiskeysockets/baileys';
import type { CarouselCard } from '@app/platform/events/interactive-content.js';
import type { ContentKind } from '../content-kind.js';
import { readNativeButton, writeNativeButton } from './native-button.js';
import { NATIVE_FLOW_VERSION, readNative, writeNative } from './native-message.js';
import { present } from './params.js';

const { HSCROLL_CARDS } = proto.Message.InteractiveMessage.CarouselMessage.CarouselCardType;

export const carousel: ContentKind<'carousel'> = {
  type: 'carousel',
  fields: ['interactiveMessage'],
  accepts: ({ interactiveMessage }) => Boolean(interactiveMessage?.carouselMessage),
  write: ({ cards, text, footer }) => ({
    interactiveMessage: {
      ...writeNative({ text, footer }),
      carouselMessage: {
        cards: cards.map((card) => ({
          ...writeNative(card),
          nativeFlowMessage: { buttons: card.buttons.map(writeNativeButton), messageVersion: NATIVE_FLOW_VERSION },
        })),
        messageVersion: NATIVE_FLOW_VERSION,
        carouselCardType: HSCROLL_CARDS,
      },
    },
  }),
  read({ interactiveMessage }) {
    const { text, footer } = readNative(interactiveMessage ?? {});
    return {
      type: 'carousel',
      text,
      ...present({ footer }),
      cards: (interactiveMessage?.carouselMessage?.cards ?? []).map(readCard),
    };
  },
};

function readCard(card: proto.Message.IInteractiveMessage): CarouselCard {
  const buttons = (card.nativeFlowMessage?.buttons ?? []).map(readNativeButton).filter((button) => button !== null);
  return { ...readNative(card), buttons };
}
