import { type BinaryNode, normalizeMessageContent, type proto } from '@whiskeysockets/baileys';

/** Names that the node has for buttons which cannot be mixed with others. */
const ALONE: Record<string, string> = { review_and_pay: 'order_details', payment_info: 'payment_info' };

/**
 * The `<biz>` node that has to stand beside an interactive message: without it WhatsApp's servers or clients drop the
 * buttons. Null for messages that need none.
 */
export function bizNodeOf(message: proto.IMessage): BinaryNode | null {
  const inner = normalizeMessageContent(message);
  if (inner?.listMessage) return biz({}, node('list', { type: 'single_select', v: '2' }));
  if (inner?.buttonsMessage) return biz({}, node('buttons', {}));
  if (inner?.templateMessage) return biz({});
  return inner?.interactiveMessage ? nativeFlow(inner.interactiveMessage) : null;
}

function nativeFlow({ nativeFlowMessage }: proto.Message.IInteractiveMessage): BinaryNode {
  const alone = ALONE[nativeFlowMessage?.buttons?.[0]?.name ?? ''];
  if (alone) return biz({ native_flow_name: alone });
  return biz(
    {},
    node('interactive', { type: 'native_flow', v: '1' }, [node('native_flow', { v: '9', name: 'mixed' })]),
  );
}

const biz = (attrs: Record<string, string>, ...content: BinaryNode[]) => node('biz', attrs, content);

const node = (tag: string, attrs: Record<string, string>, content?: BinaryNode[]): BinaryNode => ({
  tag,
  attrs,
  ...(content?.length && { content }),
});
