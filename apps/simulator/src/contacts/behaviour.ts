import type { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';
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
}

/** What a behaviour can do: the person it plays. */
export interface Actor {
  readonly account: Account;
  readonly manners: Manners;
  readonly core: Core;
  /** Sends a message from within a hook; the answer is its id. */
  answer(to: Destination, message: proto.IMessage): Promise<string>;
}

/** How a person played here treats what reaches the phone. Hooks run one after the other for one person. */
export interface Behaviour {
  /** Whether messages are decrypted at all. */
  opensMail: boolean;
  /** Which ticks the sender gets without anything else happening. */
  confirms: 'nothing' | 'delivery' | 'reading';
  /** Shares its keys with others of its kind, because nobody checks what it reads: for load. */
  sharesKeys?: boolean;
  /** Another person's message was opened and confirmed. */
  onLetter?(actor: Actor, letter: Letter): Promise<void>;
}
