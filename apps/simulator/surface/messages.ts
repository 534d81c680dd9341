import { proto } from '@whiskeysockets/baileys';
import type { AnyMessageContent, BinaryNode, WAMessage, WAMessageKey } from '@whiskeysockets/baileys';
import type { Area, Stage } from './area.js';

interface Seen {
  id: string;
  kind: string;
  text: string | null;
  target?: string;
  action?: string;
  quoted?: string;
  mentions?: string[];
}

/** What the friend saw of a message, once it has read it. */
async function seenByFriend({ world, me, friend }: Stage, id: string): Promise<Seen> {
  await me.reached(id, 3);
  const { items } = await world.get<{ items: Seen[] }>(`/messages?account=${friend.pn}`);
  const item = items.find((one) => one.id === id);
  if (!item) throw new Error(`${id} was not seen`);
  return item;
}

async function sent({ me, friend }: Stage, content: AnyMessageContent, options = {}): Promise<WAMessage> {
  const message = await me.socket.sendMessage(friend.jid, content, {
    getProfilePicUrl: async () => undefined,
    ...options,
  } as object);
  if (!message?.key.id) throw new Error('not sent');
  me.sent.set(message.key.id, message.message ?? undefined);
  return message;
}

/** A message of the friend, as it arrived. */
async function fromFriend({ world, me, friend }: Stage, text: string): Promise<WAMessage> {
  await world.post(`/accounts/${friend.pn}/send`, { to: me.pn, text });
  return (await me.received(text)).message;
}

/** The last stanza of a kind that came from the client. */
async function written({ world, me }: Stage, query: string): Promise<{ xml: string }> {
  return world.get<{ xml: string }>(`/stanzas/wait?account=${me.pn}&direction=in&${query}`);
}

type Case = [content: AnyMessageContent, seen: Partial<Seen>];

/** One case per kind of content that is not media and stands on its own. */
const standalone = (jid: string): Case[] => [
  [{ text: 'plain' }, { kind: 'extendedTextMessage', text: 'plain' }],
  [{ text: '@you', mentions: [jid] }, { mentions: [jid] }],
  [{ text: 'with https://a.example', linkPreview: null }, { text: 'with https://a.example' }],
  [{ contacts: { contacts: [{ displayName: 'Zoe', vcard: 'BEGIN:VCARD' }] } }, { kind: 'contactMessage', text: 'Zoe' }],
  [
    { contacts: { displayName: 'Two', contacts: [{ vcard: 'a' }, { vcard: 'b' }] } },
    { kind: 'contactsArrayMessage', text: 'Two' },
  ],
  [{ location: { degreesLatitude: 1, degreesLongitude: 2, name: 'Here' } }, { kind: 'locationMessage', text: 'Here' }],
  [{ poll: { name: 'Many?', values: ['a', 'b'], selectableCount: 0 } }, { kind: 'pollCreationMessage', text: 'Many?' }],
  [{ poll: { name: 'One?', values: ['a', 'b'], selectableCount: 1 } }, { kind: 'pollCreationMessageV3' }],
  [
    { poll: { name: 'All?', values: ['a'], selectableCount: 0, toAnnouncementGroup: true } },
    { kind: 'pollCreationMessageV2' },
  ],
  [{ event: { name: 'Fair', startDate: new Date(2e12), call: 'video' } }, { kind: 'eventMessage', text: 'Fair' }],
  [{ album: { expectedImageCount: 2, expectedVideoCount: 0 } }, { kind: 'albumMessage' }],
  [
    {
      groupInvite: { jid: '1@g.us', inviteCode: 'c', inviteExpiration: 1, text: 'come', subject: 'S' },
    },
    { kind: 'groupInviteMessage' },
  ],
  [
    { buttonReply: { id: '1', displayText: 'Yes', index: 0 }, type: 'plain' },
    { kind: 'buttonsResponseMessage', text: 'Yes' },
  ],
  [
    { buttonReply: { id: '1', displayText: 'No', index: 0 }, type: 'template' },
    { kind: 'templateButtonReplyMessage', text: 'No' },
  ],
  [
    { listReply: { title: 'Third', listType: 1, singleSelectReply: { selectedRowId: '3' } } },
    { kind: 'listResponseMessage', text: 'Third' },
  ],
  [{ sharePhoneNumber: true }, { action: 'SHARE_PHONE_NUMBER' }],
  [{ requestPhoneNumber: true }, { kind: 'requestPhoneNumberMessage' }],
  [{ limitSharing: true }, { action: 'LIMIT_SHARING' }],
  [{ disappearingMessagesInChat: 86_400 }, { action: 'EPHEMERAL_SETTING' }],
];

/** One case per kind of content that refers to an earlier message. */
const referring = (key: WAMessageKey, original: WAMessage): Case[] => [
  [{ react: { text: '👍', key } }, { kind: 'reactionMessage', text: '👍', target: key.id ?? '' }],
  [
    { text: 'better', edit: key },
    { action: 'MESSAGE_EDIT', text: 'better', target: key.id ?? '' },
  ],
  [
    { pin: key, type: 1, time: 86_400 },
    { kind: 'pinInChatMessage', target: key.id ?? '' },
  ],
  [
    { forward: original, force: true },
    { kind: 'extendedTextMessage', text: 'original' },
  ],
  [{ delete: key }, { action: 'REVOKE', target: key.id ?? '' }],
];

/** Asks for a message again, as if it could not be read. */
async function retryOf({ me }: Stage, message: WAMessage): Promise<void> {
  const { id, remoteJid } = message.key;
  const node: BinaryNode = {
    tag: 'message',
    attrs: { id: id ?? '', from: remoteJid ?? '', t: '1', type: 'text' },
    content: [{ tag: 'enc', attrs: { v: '2', type: 'msg' } }],
  };
  await me.socket.sendRetryRequest(node, true);
}

/** Messages, receipts and what the client keeps to repair them. */
export const messages: Area = {
  title: 'messages',
  functions: {
    sendMessage: async (stage) => {
      for (const [content, seen] of standalone(stage.friend.jid))
        expect(await seenByFriend(stage, (await sent(stage, content)).key.id ?? '')).toMatchObject(seen);
      const original = await sent(stage, { text: 'original' });
      const quoting = await sent(stage, { text: 'as I said' }, { quoted: original });
      expect(await seenByFriend(stage, quoting.key.id ?? '')).toMatchObject({ quoted: original.key.id });
      for (const [content, seen] of referring(original.key, original))
        expect(await seenByFriend(stage, (await sent(stage, content)).key.id ?? '')).toMatchObject(seen);
    },
    relayMessage: async (stage) => {
      const id = await stage.me.socket.relayMessage(stage.friend.jid, { conversation: 'raw' }, {});
      expect(await seenByFriend(stage, id)).toMatchObject({ kind: 'conversation', text: 'raw' });
    },
    sendReceipt: async (stage) => {
      const { key } = await fromFriend(stage, 'played?');
      await stage.me.socket.sendReceipt(stage.friend.jid, undefined, [key.id ?? ''], 'played');
      expect((await written(stage, `tag=receipt&type=played&id=${key.id}`)).xml).toContain('played');
    },
    sendReceipts: async (stage) => {
      const keys = [(await fromFriend(stage, 'one')).key, (await fromFriend(stage, 'two')).key];
      await stage.me.socket.sendReceipts(keys, 'read');
      const { xml } = await written(stage, `tag=receipt&type=read&id=${keys[0]?.id}`);
      expect(xml).toContain(keys[1]?.id);
    },
    readMessages: async (stage) => {
      const { world, friend, me } = stage;
      const before = await world.get<{ readReceipts: number }>(`/messages/stats?account=${friend.pn}`);
      await me.socket.readMessages([(await fromFriend(stage, 'read me')).key]);
      await me.settle();
      const after = await world.get<{ readReceipts: number }>(`/messages/stats?account=${friend.pn}`);
      expect(after.readReceipts).toBe(before.readReceipts + 1);
    },
    sendMessageAck: async (stage) => {
      const attrs = { id: 'ACKED', from: stage.friend.jid, type: 'text' };
      await stage.me.socket.sendMessageAck({ tag: 'message', attrs });
      expect((await written(stage, 'tag=ack&id=ACKED')).xml).toContain('class="message"');
    },
    sendRetryRequest: async (stage) => {
      const message = await fromFriend(stage, 'say it again');
      await retryOf(stage, message);
      const { xml } = await stage.world.get<{ xml: string }>(
        `/stanzas/wait?account=${stage.me.pn}&direction=out&tag=message&id=${message.key.id}&since=1`,
      );
      expect(xml).toContain('<enc');
      expect((await written(stage, `tag=receipt&type=retry&id=${message.key.id}`)).xml).toContain('<keys>');
    },
    assertSessions: async ({ world, me }) => {
      const { lid } = await world.aContact();
      expect(await me.socket.assertSessions([`${lid}@lid`], false)).toBe(true);
      expect(await me.socket.assertSessions([`${lid}@lid`], false)).toBe(false);
    },
    createParticipantNodes: async ({ me, friend }) => {
      await me.socket.assertSessions([`${friend.lid}@lid`], false);
      const { nodes } = await me.socket.createParticipantNodes([friend.jid], { conversation: 'x' });
      expect(nodes).toMatchObject([{ tag: 'to', attrs: { jid: friend.jid }, content: [{ tag: 'enc' }] }]);
    },
    messageRetryManager: async (stage) => {
      const { key } = await sent(stage, { text: 'kept for a retry' });
      const kept = stage.me.socket.messageRetryManager?.getRecentMessage(stage.friend.jid, key.id ?? '');
      expect(kept?.message.extendedTextMessage?.text).toBe('kept for a retry');
    },
    userDevicesCache: async (stage) => {
      await sent(stage, { text: 'who has devices' });
      const known = await stage.me.socket.userDevicesCache.get(stage.friend.pn);
      expect(known).toMatchObject([{ user: stage.friend.pn, device: 0 }]);
    },
    devicesMutex: async ({ me }) => {
      const order: number[] = [];
      await Promise.all([1, 2].map((n) => me.socket.devicesMutex.mutex(async () => void order.push(n))));
      expect(order).toEqual([1, 2]);
    },
    upsertMessage: async ({ me, friend }) => {
      const key = { remoteJid: friend.jid, fromMe: false, id: 'LOCAL1' };
      const message = proto.WebMessageInfo.fromObject({ key, message: { conversation: 'local' }, messageTimestamp: 1 });
      await me.socket.upsertMessage(message as WAMessage, 'append');
      expect((await me.received('local')).type).toBe('append');
    },
  },
  events: {
    'messages.upsert': async (stage) => {
      const { key } = await fromFriend(stage, 'news');
      expect(key).toMatchObject({ remoteJid: stage.friend.jid, fromMe: false });
    },
    'messages.update': async (stage) => {
      const { key } = await fromFriend(stage, 'draft');
      await stage.world.post(`/accounts/${stage.friend.pn}/edit`, { id: key.id, text: 'final' });
      await stage.me.event('messages.update', (all) =>
        all.some((one) => one.key.id === key.id && one.update.message?.editedMessage),
      );
    },
    'messages.reaction': async (stage) => {
      const { key } = await sent(stage, { text: 'nice?' });
      await seenByFriend(stage, key.id ?? '');
      await stage.world.post(`/accounts/${stage.friend.pn}/react`, { id: key.id, emoji: '💯' });
      await stage.me.event('messages.reaction', ([one]) => one?.key.id === key.id && one?.reaction.text === '💯');
    },
  },
};
