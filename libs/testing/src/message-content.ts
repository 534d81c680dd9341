import type { MessageDto, paths } from '@app/client/client.js';

/** What can be sent; for tests that put it together from parts, of which the compiler knows too little. */
export type MessageOrder =
  paths['/v1/sessions/{sessionId}/messages']['post']['requestBody']['content']['application/json'];

/** The content of a message whose type the test knows: `contentOf<ImageContent>(message).media`. */
export function contentOf<T extends NonNullable<MessageDto['content']>>({ content }: Pick<MessageDto, 'content'>): T {
  if (!content) throw new Error('The message has no content.');
  return content as T;
}
