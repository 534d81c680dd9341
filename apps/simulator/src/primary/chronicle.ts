import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

const MESSAGES_PER_CHAT = 10_000;
const { Type } = proto.Message.ProtocolMessage;
const { REVOKE } = proto.WebMessageInfo.StubType;

/** A message as a phone keeps it, from its owner's point of view. */
export interface PastMessage extends proto.IWebMessageInfo {
  key: proto.IMessageKey & { id: string; remoteJid: string };
  messageTimestamp: number;
}

/** Somebody who left a group, or was removed. */
export interface PastMember {
  jid: string;
  leftAt: number;
  wasRemoved: boolean;
}

/** A chat with its messages, the oldest first. */
export interface PastChat {
  readonly jid: string;
  readonly messages: PastMessage[];
  readonly formerMembers: PastMember[];
  name?: string;
  unread: number;
  ephemeralSeconds: number;
  ephemeralSince: number;
}

/** The past of an account as its phone remembers it; what linked clients are given as history. */
export class Chronicle {
  private readonly byJid = new Map<string, PastChat>();
  private readonly byKey = new Map<string, PastMessage>();
  /** The names people gave themselves, as they came with their messages. */
  readonly pushNames = new Map<string, string>();

  /** All chats, the one with the newest message first. */
  get chats(): PastChat[] {
    const age = ({ messages }: PastChat) => messages.at(-1)?.messageTimestamp ?? 0;
    return [...this.byJid.values()].sort((a, b) => age(b) - age(a));
  }

  /** The chat with this address; created when it is new. */
  chat(jid: string): PastChat {
    const chat = this.peek(jid);
    this.byJid.set(jid, chat);
    return chat;
  }

  /** The same for who only looks: a chat that is not known is empty and stays unknown. */
  peek(jid: string): PastChat {
    return (
      this.byJid.get(jid) ?? {
        jid,
        messages: [],
        formerMembers: [],
        unread: 0,
        ephemeralSeconds: 0,
        ephemeralSince: 0,
      }
    );
  }

  find(jid: string, id: string): PastMessage | undefined {
    return this.byKey.get(`${jid} ${id}`);
  }

  /** Notes a message that was sent or received; what changes an earlier one is applied to that one. */
  note(message: PastMessage): void {
    const { remoteJid, fromMe } = message.key;
    const chat = this.chat(remoteJid);
    this.learnName(message);
    if (this.find(remoteJid, message.key.id) || this.applied(chat, message)) return;
    this.insert(chat, message);
    chat.unread = fromMe ? 0 : chat.unread + 1;
  }

  /** Puts messages of long ago where they belong in time. */
  restore(jid: string, messages: PastMessage[]): void {
    const chat = this.chat(jid);
    for (const message of messages) {
      this.learnName(message);
      this.byKey.set(keyOf(message), message);
      chat.messages.push(message);
    }
    chat.messages.sort((a, b) => a.messageTimestamp - b.messageTimestamp);
    this.trim(chat);
  }

  /** How far own messages have got, as receipts tell; never back. */
  reached(jid: string, ids: string[], status: number): void {
    for (const id of ids) {
      const message = this.find(jid, id);
      if (message?.key.fromMe && Number(message.status ?? 0) < status) message.status = status;
    }
  }

  markRead(jid: string): void {
    this.peek(jid).unread = 0;
  }

  markUnread(jid: string): void {
    const chat = this.chat(jid);
    if (chat.unread === 0) chat.unread = -1;
  }

  star(jid: string, id: string, starred: boolean): void {
    const message = this.find(jid, id);
    if (message) message.starred = starred;
  }

  remove(jid: string, id: string): void {
    const message = this.find(jid, id);
    if (!message) return;
    const { messages } = this.chat(jid);
    messages.splice(messages.lastIndexOf(message), 1);
    this.byKey.delete(keyOf(message));
  }

  /** Empties a chat; the chat itself stays. */
  clear(jid: string): void {
    const chat = this.chat(jid);
    for (const message of chat.messages.splice(0)) this.byKey.delete(keyOf(message));
    chat.unread = 0;
  }

  delete(jid: string): void {
    this.clear(jid);
    this.byJid.delete(jid);
  }

  private learnName({ key: { remoteJid, participant, fromMe }, pushName }: PastMessage): void {
    if (pushName && !fromMe) this.pushNames.set(participant ?? remoteJid, pushName);
  }

  /** Applies what is said about an earlier message, or about the chat; false when it is a message of its own. */
  private applied(chat: PastChat, { key, message, messageTimestamp }: PastMessage): boolean {
    const { protocolMessage, reactionMessage } = message ?? {};
    if (reactionMessage) this.react(chat, reactionMessage, key);
    if (protocolMessage?.type === Type.EPHEMERAL_SETTING) {
      chat.ephemeralSeconds = protocolMessage.ephemeralExpiration ?? 0;
      chat.ephemeralSince = messageTimestamp;
    }
    if (protocolMessage) this.revise(chat, protocolMessage);
    return !message || !!protocolMessage || !!reactionMessage;
  }

  private react({ jid }: PastChat, reaction: proto.Message.IReactionMessage, key: proto.IMessageKey): void {
    const target = this.find(jid, reaction.key?.id ?? '');
    if (!target) return;
    const author = (of: proto.IMessageKey | null | undefined) => of?.participant ?? String(of?.fromMe);
    const others = (target.reactions ?? []).filter((earlier) => author(earlier.key) !== author(key));
    target.reactions = reaction.text ? [...others, { ...reaction, key }] : others;
  }

  private revise({ jid }: PastChat, { type, key, editedMessage }: proto.Message.IProtocolMessage): void {
    const target = this.find(jid, key?.id ?? '');
    if (!target) return;
    if (type === Type.REVOKE) Object.assign(target, { messageStubType: REVOKE, message: undefined });
    if (type === Type.MESSAGE_EDIT) target.message = editedMessage;
  }

  private insert(chat: PastChat, message: PastMessage): void {
    const { messages } = chat;
    const isNewest = (messages.at(-1)?.messageTimestamp ?? 0) <= message.messageTimestamp;
    const position = isNewest ? -1 : messages.findIndex((other) => other.messageTimestamp > message.messageTimestamp);
    messages.splice(position < 0 ? messages.length : position, 0, message);
    this.byKey.set(keyOf(message), message);
    this.trim(chat);
  }

  private trim({ messages }: PastChat): void {
    const surplus = Math.max(0, messages.length - MESSAGES_PER_CHAT);
    for (const message of messages.splice(0, surplus)) this.byKey.delete(keyOf(message));
  }
}

function keyOf({ key }: PastMessage): string {
  return `${key.remoteJid} ${key.id}`;
}
