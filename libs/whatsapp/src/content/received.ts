import { proto } from '@whiskeysockets/baileys';
import { moneyOf, numberOf, stated } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

/* Types that are only received: WhatsApp's own apps, or its servers, make them. */

const callLog: ContentKind<'call-log'> = {
  type: 'call-log',
  fields: ['callLogMesssage'],
  read: ({ callLogMesssage: log }) => ({
    type: 'call-log',
    isVideo: log?.isVideo ?? false,
    outcome: proto.Message.CallLogMessage.CallOutcome[log?.callOutcome ?? 0]?.toLowerCase() ?? 'unknown',
    ...stated({ durationSeconds: numberOf(log?.durationSecs) }),
  }),
};

const scheduledCall: ContentKind<'scheduled-call'> = {
  type: 'scheduled-call',
  fields: ['scheduledCallCreationMessage'],
  read: ({ scheduledCallCreationMessage: call }) => ({
    type: 'scheduled-call',
    startsAt: new Date(Math.min(numberOf(call?.scheduledTimestampMs) ?? 0, 8e15)).toISOString(),
    isVideo: call?.callType === proto.Message.ScheduledCallCreationMessage.CallType.VIDEO,
    ...stated({ title: call?.title ?? undefined }),
  }),
};

const payment: ContentKind<'payment'> = {
  type: 'payment',
  fields: [
    'sendPaymentMessage',
    'requestPaymentMessage',
    'declinePaymentRequestMessage',
    'cancelPaymentRequestMessage',
    'paymentInviteMessage',
    'invoiceMessage',
  ],
  read: ({ sendPaymentMessage: sent, requestPaymentMessage: request, invoiceMessage: invoice, ...others }) =>
    ({
      type: 'payment',
      ...(sent && { kind: 'sent', ...noteOf(sent.noteMessage) }),
      ...(request && {
        kind: 'requested',
        ...stated({ amount: moneyOf(request.amount1000), currency: request.currencyCodeIso4217 ?? undefined }),
        ...noteOf(request.noteMessage),
      }),
      ...(invoice && { kind: 'invoice', ...stated({ note: invoice.note ?? undefined }) }),
      ...(others.declinePaymentRequestMessage && { kind: 'declined' }),
      ...(others.cancelPaymentRequestMessage && { kind: 'cancelled' }),
      ...(others.paymentInviteMessage && { kind: 'invited' }),
    }) as ReturnType<ContentKind<'payment'>['read']>,
};

function noteOf(note: proto.IMessage | null | undefined): { note?: string } {
  return stated({ note: note?.conversation ?? note?.extendedTextMessage?.text ?? undefined });
}

const stickerPack: ContentKind<'sticker-pack'> = {
  type: 'sticker-pack',
  fields: ['stickerPackMessage'],
  read: ({ stickerPackMessage: pack }) => ({
    type: 'sticker-pack',
    name: pack?.name ?? '',
    ...stated({ publisher: pack?.publisher, caption: pack?.caption ?? undefined }),
  }),
};

const pollResults: ContentKind<'poll-results'> = {
  type: 'poll-results',
  fields: ['pollResultSnapshotMessage', 'pollResultSnapshotMessageV3'],
  read: ({ pollResultSnapshotMessage, pollResultSnapshotMessageV3 }) => {
    const results = pollResultSnapshotMessage ?? pollResultSnapshotMessageV3;
    const options = (results?.pollVotes ?? []).map(({ optionName, optionVoteCount }) => ({
      name: optionName ?? '',
      votes: Number(optionVoteCount ?? 0),
    }));
    return { type: 'poll-results', question: results?.name ?? '', options };
  },
};

const phoneNumberRequest: ContentKind<'phone-number-request'> = {
  type: 'phone-number-request',
  fields: ['requestPhoneNumberMessage'],
  read: () => ({ type: 'phone-number-request' }),
};

/** Kinds that nobody can send. */
export const receivedKinds = [callLog, scheduledCall, payment, stickerPack, pollResults, phoneNumberRequest] as const;
