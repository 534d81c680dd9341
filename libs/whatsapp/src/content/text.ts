import type { ContentKind } from './content-kind.js';

export const text: ContentKind<'text'> = {
  type: 'text',
  fields: ['conversation', 'extendedTextMessage'],
  // Links are not looked up here: that would fetch a stranger's URL.
  write: ({ text }) => ({ extendedTextMessage: { text } }),
  read: ({ conversation, extendedTextMessage }) => ({
    type: 'text',
    text: conversation ?? extendedTextMessage?.text ?? '',
  }),
};
