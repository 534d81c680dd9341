import type { proto } from '@whiskeysockets/baileys';
import type { ContentKind } from './content-kind.js';

export const poll: ContentKind<'poll'> = {
  type: 'poll',
  fields: ['pollCreationMessage', 'pollCreationMessageV2', 'pollCreationMessageV3', 'pollCreationMessageV5'],
  write: ({ question, options, maxAnswers }, { secret, isAnnouncement }) => {
    const body = {
      name: question,
      options: options.map((optionName) => ({ optionName })),
      // 0 stands for "as many as you like".
      selectableOptionsCount: maxAnswers === options.length ? 0 : maxAnswers,
    };
    return { [formOf(maxAnswers, isAnnouncement)]: body, messageContextInfo: { messageSecret: secret } };
  },
  read: (message) => {
    const body = bodyOf(message);
    const options = (body?.options ?? []).map(({ optionName }) => optionName ?? '');
    return {
      type: 'poll',
      question: body?.name ?? '',
      options,
      maxAnswers: body?.selectableOptionsCount || options.length,
    };
  },
};

/** The apps have a form for communities that announce, and a newer one for polls with one answer. */
function formOf(maxAnswers: number, isAnnouncement: boolean) {
  if (isAnnouncement) return 'pollCreationMessageV2';
  return maxAnswers === 1 ? 'pollCreationMessageV3' : 'pollCreationMessage';
}

const bodyOf = (message: proto.IMessage): proto.Message.IPollCreationMessage | null | undefined =>
  message.pollCreationMessage ??
  message.pollCreationMessageV2 ??
  message.pollCreationMessageV3 ??
  message.pollCreationMessageV5;
