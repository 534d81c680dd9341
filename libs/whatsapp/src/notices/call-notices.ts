import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys';
import { toWaId } from '../map/jid.js';
import { childrenOf, personOf, timeOfNode } from './notice-node.js';
import type { CallFact, WaNotice } from './wa-notice.js';

const steps: Record<string, CallFact['step'] | undefined> = {
  offer: 'offer',
  offer_notice: 'offer',
  accept: 'accept',
  reject: 'reject',
  terminate: 'terminate',
};

/** Reads `<call>`. What only the two ends need to talk (`transport`, `relaylatency` …) says nothing here. */
export function readCallNotices(node: BinaryNode): WaNotice[] {
  return childrenOf(node).flatMap((child) => {
    const { tag, attrs } = child;
    const [step, callId] = [steps[tag], attrs['call-id']];
    if (!step || !callId) return [];
    const groupId = attrs['group-jid'] ? toWaId(attrs['group-jid']) : null;
    // Only an offer tells the caller's number.
    const caller = personOf([attrs['call-creator'], step === 'offer' ? attrs.caller_pn : undefined], node.attrs.notify);
    const by = personOf([node.attrs.from]);
    const isVideo = attrs.media === 'video' || getBinaryNodeChild(child, 'video') !== undefined;
    const [reason, callerDevice] = [attrs.reason ?? null, attrs['call-creator'] ?? null];
    const fact: CallFact = { kind: 'call', callId, step, reason, isVideo, groupId, callerDevice };
    return [{ chatId: groupId ?? by?.waId ?? '', by, people: caller ? [caller] : [], at: timeOfNode(node), fact }];
  });
}
