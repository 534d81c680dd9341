import type { ContentKind } from '../content-kind.js';
import { readNative, writeNative } from './native-message.js';
import { parseParams } from './params.js';

/** Whatever native flow has a kind of its own comes before this one. */
export const flow: ContentKind<'flow'> = {
  type: 'flow',
  fields: ['interactiveMessage'],
  accepts: ({ interactiveMessage }) => Boolean(interactiveMessage?.nativeFlowMessage),
  write: ({ buttons, params, version, ...parts }) => ({
    interactiveMessage: {
      ...writeNative(parts),
      nativeFlowMessage: {
        buttons: buttons.map(({ name, params }) => ({ name, buttonParamsJson: JSON.stringify(params) })),
        ...(params && { messageParamsJson: JSON.stringify(params) }),
        messageVersion: version,
      },
    },
  }),
  read({ interactiveMessage }) {
    const native = interactiveMessage?.nativeFlowMessage;
    return {
      type: 'flow',
      ...readNative(interactiveMessage ?? {}),
      version: native?.messageVersion ?? 0,
      ...(native?.messageParamsJson && { params: parseParams(native.messageParamsJson) }),
      buttons: (native?.buttons ?? []).map(({ name, buttonParamsJson }) => ({
        name: name ?? '',
        params: parseParams(buttonParamsJson),
      })),
    };
  },
};
