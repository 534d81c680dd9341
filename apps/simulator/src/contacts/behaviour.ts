import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { MediaStore } from '../media/media-store.js';
import type { CallOrder, Callee } from '../messages/calls.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
import type { Correspondence } from './correspondence.js';
import type { Destination, Letter } from './letter.js';

/** An answer of a `replier`: sent when the pattern is found in an incoming text. */
export interface ReplyRule {
  match: string;
  text: string;
}

/** How a phone behaves, and how it treats messages that cannot be read. */
export interface Manners {
  behaviour: string;
  /** Asks the sender again when a message cannot be read. Off by default, so that a damaged ratchet shows. */
  retries: boolean;
  /** Sends a message again when the receiver asks for it. */
  answerRetries: boolean;
  rules: ReplyRule[];
  /** How long a message takes to be confirmed as delivered. */
  deliveryMs: number;
  /** How long after that it is read. */
  readMs: number;
  /** How long the person types before answering; zero shows no typing. */
  typingMs: number;
  /** How fast and how many messages a `flooder` sends when written to. */
  ratePerSec: number;
  floodCount: number;
  /** What a `reactor` reacts with; absent: one of the usual six. */
  emoji: string | undefined;
}

/** How people are when nothing else is said. */
export const usualManners: Manners = {
  behaviour: 'silent',
  retries: false,
  answerRetries: true,
  rules: [],
  deliveryMs: 0,
  readMs: 0,
  typingMs: 0,
  ratePerSec: 20,
  floodCount: 50,
  emoji: undefined,
};

/** What a behaviour can do: the person it plays. */
export interface Actor {
  readonly account: Account;
  readonly manners: Manners;
  readonly core: Core;
  readonly correspondence: Correspondence;
  readonly media: MediaStore;
  /** Sends a message from within a hook; the answer is its id. */
  answer(to: Destination, message: proto.IMessage): Promise<string>;
  /** Does something later, in turn with everything else the person does; at once when there is nothing to wait for. */
  later(ms: number, task: () => Promise<void>): Promise<void>;
  /** Shows the other side that this person is typing, or has stopped. */
  showTyping(to: Destination, isTyping: boolean): void;
  /** Rings somebody. */
  call(to: Callee, order: CallOrder): void;
}

/** How a person played here treats what reaches the phone. Hooks run one after the other for one person. */
export interface Behaviour {
  /** Whether messages are decrypted at all. */
  opensMail: boolean;
  /** Which ticks the sender gets without anything else happening. */
  confirms: 'nothing' | 'delivery' | 'reading';
  /** Shares its keys with others of its kind, because nobody checks what it reads: for load. */
  sharesKeys?: boolean;
  /** How many devices the person has when no number is given. */
  devices?: number;
  /** Known and writing only by the opaque id. */
  hidesNumber?: boolean;
  /** Has blocked everybody. */
  refusesEverybody?: boolean;
  /** Another person's message was opened, confirmed and, if this behaviour reads, read. */
  onLetter?(actor: Actor, letter: Letter): Promise<void>;
}
