import { eventTypes } from '@app/platform/events/event-map.js';
import type { EventFile, EventFormat, FormatSession } from './event-format.js';
import { digigo } from './digigo.format.js';
import { gowa } from './gowa.format.js';
import { waAkg } from './wa-akg.format.js';
import { eventFormats } from './webhook-bodies.service.js';

const session: FormatSession = { id: 'ses_1', name: 'Sales', waId: '6281111111111' };
const ana = { waId: '12025550102', phone: '12025550102', lid: '123456789012345@lid', name: 'Ana' };
const at = '2026-11-21T08:21:16.000Z';
const group = '120363000000000001@g.us';
const done = { id: 'msg_1', messageId: '3EB0AA', chatId: ana.waId, by: ana, fromMe: false, at };

const text = {
  id: 'msg_1',
  messageId: '3EB0AA',
  chatId: ana.waId,
  sender: ana,
  fromMe: false,
  type: 'text',
  text: 'hello',
  content: null as object | null,
  context: null as object | null,
  timestamp: at,
  status: 'delivered',
  origin: null as string | null,
};
const media = {
  id: 'med_1',
  status: 'stored',
  mimeType: 'image/jpeg',
  sizeBytes: 3,
  fileName: null,
  width: 2,
  height: 1,
  seconds: null,
  isAnimated: false,
};
const photo = { ...text, type: 'image', text: null, content: { media, caption: 'look' } };
const answer = {
  ...text,
  chatId: group,
  context: { quoted: { messageId: '3EB0BB', senderId: '12025550103', text: 'who?' }, mentions: ['12025550104'] },
};
const file: EventFile = { mimeType: 'image/jpeg', fileName: null, sizeBytes: 3, link: 'https://x/1', base64: null };

const write = ({ writers }: EventFormat, type: string, data: object, brought: EventFile | null = null) => {
  const event = { id: 'evt_1', type, tenantId: 'ten_1', sessionId: 'ses_1', sequence: 7, timestamp: at, data };
  // As it is sent: without what is undefined.
  return JSON.parse(JSON.stringify(writers[type]?.({ event, data, session, file: brought }) ?? null)) as unknown;
};

describe.each([...eventFormats.values()])('the format $name', (format) => {
  it('has something to say, or nothing, about every type of event', () => {
    const known = new Set([...Object.keys(format.writers), ...format.without]);
    expect(eventTypes.filter((type) => !known.has(type))).toEqual([]);
    expect(format.without.filter((type) => type in format.writers)).toEqual([]);
  });
});

describe('gowa', () => {
  const told = (event: string, payload: object) => ({
    event,
    device_id: '6281111111111@s.whatsapp.net',
    timestamp: at,
    payload,
  });
  const who = {
    chat_id: '12025550102@s.whatsapp.net',
    from: '12025550102@s.whatsapp.net',
    from_lid: '123456789012345@lid',
    from_name: 'Ana',
    timestamp: at,
    is_from_me: false,
  };

  it('tells of messages', () => {
    expect(write(gowa, 'message.received', { message: text })).toEqual(
      told('message', { id: '3EB0AA', ...who, body: 'hello' }),
    );
    expect(write(gowa, 'message.received', { message: answer })).toEqual(
      told('message', {
        id: '3EB0AA',
        ...who,
        chat_id: group,
        body: 'hello',
        replied_to_id: '3EB0BB',
        quoted_body: 'who?',
      }),
    );
    expect(write(gowa, 'message.sent', { message: photo }, file)).toEqual(
      told('message', { id: '3EB0AA', ...who, image: { url: 'https://x/1', caption: 'look' } }),
    );
  });

  it('tells of places and business cards', () => {
    const place = { ...text, type: 'location', text: null, content: { latitude: 1, longitude: 2, name: 'Here' } };
    expect(write(gowa, 'message.received', { message: place })).toEqual(
      told('message', { id: '3EB0AA', ...who, location: { degreesLatitude: 1, degreesLongitude: 2, name: 'Here' } }),
    );
    const card = {
      ...text,
      type: 'contacts',
      text: 'Bo',
      content: { contacts: [{ name: 'Bo', vcard: 'BEGIN', phones: [] }] },
    };
    expect(write(gowa, 'message.received', { message: card })).toEqual(
      told('message', { id: '3EB0AA', ...who, body: 'Bo', contact: { displayName: 'Bo', vcard: 'BEGIN' } }),
    );
  });

  it('tells of receipts, of those alone', () => {
    const status = { id: 'msg_1', messageId: '3EB0AA', chatId: ana.waId, status: 'read', at };
    expect(write(gowa, 'message.status', status)).toEqual(
      told('message.ack', {
        ids: ['3EB0AA'],
        chat_id: who.chat_id,
        from: who.chat_id,
        receipt_type: 'read',
        receipt_type_description: 'the user opened the chat and saw the message.',
      }),
    );
    expect(write(gowa, 'message.status', { ...status, status: 'server_ack' })).toBeNull();
  });

  it('tells what is done with messages', () => {
    const deed = { id: 'evt_1', ...who };
    expect(write(gowa, 'message.reaction', { ...done, emoji: '👍' })).toEqual(
      told('message.reaction', { ...deed, reaction: '👍', reacted_message_id: '3EB0AA' }),
    );
    expect(write(gowa, 'message.edited', { ...done, text: 'hi', content: null })).toEqual(
      told('message.edited', { ...deed, original_message_id: '3EB0AA', body: 'hi' }),
    );
    expect(write(gowa, 'message.revoked', done)).toEqual(
      told('message.revoked', {
        ...deed,
        revoked_message_id: '3EB0AA',
        revoked_from_me: false,
        revoked_chat: who.chat_id,
      }),
    );
  });

  it('tells of groups, calls and typing', () => {
    expect(
      write(gowa, 'group.participants', { chatId: group, change: 'removed', participants: [ana], by: null, at }),
    ).toEqual(told('group.participants', { chat_id: group, type: 'leave', jids: [who.from] }));
    const call = {
      callId: 'C1',
      chatId: ana.waId,
      caller: ana,
      isVideo: true,
      groupId: null,
      by: null,
      fromMe: false,
      at,
    };
    expect(write(gowa, 'call.offered', call)).toEqual(
      told('call.offer', { call_id: 'C1', from: who.from, is_video: true, timestamp: 1_795_249_276 }),
    );
    const typing = { chatId: ana.waId, person: ana, state: 'recording', lastSeenAt: null };
    expect(write(gowa, 'chat.presence', typing)).toEqual(
      told('chat_presence', {
        from: who.from,
        from_lid: ana.lid,
        chat_id: who.chat_id,
        state: 'composing',
        media: 'audio',
        is_group: false,
      }),
    );
  });
});

describe('digigo', () => {
  const told = (type: string, event: unknown, more: object = {}) => ({
    type,
    event,
    userID: 'ses_1',
    instanceName: 'Sales',
    ...more,
  });
  const info = {
    Chat: '12025550102@s.whatsapp.net',
    Sender: '12025550102@s.whatsapp.net',
    SenderAlt: '123456789012345@lid',
    IsFromMe: false,
    IsGroup: false,
    ID: '3EB0AA',
    Type: 'text',
    MediaType: '',
    PushName: 'Ana',
    Timestamp: at,
  };

  it('tells of messages', () => {
    expect(write(digigo, 'message.received', { message: text })).toEqual(
      told('Message', { Info: info, Message: { conversation: 'hello' } }),
    );
    const echo = { ...text, fromMe: true, origin: 'api' };
    expect(write(digigo, 'message.sent', { message: echo })).toEqual(
      told('Message', { Info: { ...info, IsFromMe: true, IsFromAPI: true }, Message: { conversation: 'hello' } }),
    );
    const contextInfo = {
      stanzaID: '3EB0BB',
      participant: '12025550103@s.whatsapp.net',
      quotedMessage: { conversation: 'who?' },
      mentionedJID: ['12025550104@s.whatsapp.net'],
    };
    expect(write(digigo, 'message.received', { message: answer })).toEqual(
      told('Message', {
        Info: { ...info, Chat: group, IsGroup: true },
        Message: { extendedTextMessage: { text: 'hello', contextInfo } },
      }),
    );
  });

  it('brings files as link, or as bytes', () => {
    const imageMessage = { mimetype: 'image/jpeg', fileLength: 3, width: 2, height: 1, caption: 'look' };
    const said = { Info: { ...info, Type: 'media', MediaType: 'image' }, Message: { imageMessage } };
    const s3 = { url: 'https://x/1', size: 3, mimeType: 'image/jpeg', fileName: '' };
    expect(write(digigo, 'message.received', { message: photo }, file)).toEqual(
      told('Message', said, { mimeType: 'image/jpeg', fileName: '', s3 }),
    );
    expect(write(digigo, 'message.received', { message: photo }, { ...file, base64: 'AAAA' })).toEqual(
      told('Message', said, { mimeType: 'image/jpeg', fileName: '', s3, base64: 'AAAA' }),
    );
    expect(write(digigo, 'message.received', { message: photo })).toEqual(told('Message', said));
  });

  it('tells of receipts', () => {
    const status = { id: 'msg_1', messageId: '3EB0AA', chatId: ana.waId, status: 'delivered', at };
    const receipt = {
      Chat: info.Chat,
      Sender: info.Chat,
      IsFromMe: false,
      IsGroup: false,
      MessageIDs: ['3EB0AA'],
      Timestamp: at,
    };
    expect(write(digigo, 'message.status', status)).toEqual(
      told('Receipt', { ...receipt, Type: '' }, { state: 'Delivered' }),
    );
    expect(write(digigo, 'message.status', { ...status, status: 'read' })).toEqual(
      told('ReadReceipt', { ...receipt, Type: 'read' }, { state: 'Read' }),
    );
    expect(write(digigo, 'message.status', { ...status, status: 'sent' })).toBeNull();
  });

  it('tells what is done with messages as messages', () => {
    const key = { remoteJID: info.Chat, ID: '3EB0AA', fromMe: false };
    const { Chat, Sender, IsFromMe, IsGroup, Type, PushName, Timestamp } = info;
    const who = { Chat, Sender, IsFromMe, IsGroup, Type, PushName, Timestamp };
    const deed = (said: object, edit = '') =>
      told('Message', { Info: { ...who, ID: 'evt_1', Edit: edit }, Message: said });
    expect(write(digigo, 'message.edited', { ...done, text: 'hi', content: null })).toEqual(
      deed({ protocolMessage: { type: 14, key, editedMessage: { conversation: 'hi' } } }, '1'),
    );
    expect(write(digigo, 'message.revoked', done)).toEqual(deed({ protocolMessage: { type: 0, key } }, '7'));
    expect(write(digigo, 'message.reaction', { ...done, emoji: null })).toEqual(
      deed({ reactionMessage: { key, text: '' } }),
    );
  });

  it.each([
    ['connected', null, 'Connected'],
    ['disconnected', 'connection_lost', 'Disconnected'],
    ['disconnected', 'replaced', 'StreamReplaced'],
    ['logged_out', 'logged_out', 'LoggedOut'],
    ['failed', 'client_outdated', 'ClientOutdated'],
    ['failed', 'bad_session', 'ConnectFailure'],
  ])('tells of a session that is %s (%s) as %s', (status, reason, type) => {
    const event = { Reason: reason ?? '' };
    expect(write(digigo, 'session.status', { status, reason, me: null })).toEqual(told(type, event));
  });

  it('tells of groups, newsletters, calls and people', () => {
    expect(
      write(digigo, 'group.participants', { chatId: group, change: 'promoted', participants: [ana], by: ana, at }),
    ).toEqual(told('GroupInfo', { JID: group, Sender: info.Sender, Timestamp: at, Promote: [info.Sender] }));
    expect(write(digigo, 'newsletter.muted', { chatId: '120363@newsletter', isMuted: true, at })).toEqual(
      told('NewsletterMuteChange', { ID: '120363@newsletter', Mute: 'on' }),
    );
    const call = {
      callId: 'C1',
      chatId: ana.waId,
      caller: ana,
      isVideo: true,
      groupId: null,
      by: null,
      fromMe: false,
      at,
    };
    expect(write(digigo, 'call.missed', call)).toEqual(
      told('CallTerminate', {
        From: info.Sender,
        CallCreator: info.Sender,
        CallID: 'C1',
        Timestamp: at,
        Reason: 'timeout',
      }),
    );
    expect(write(digigo, 'contact.blocked', { person: ana, isBlocked: true, at })).toEqual(
      told('BlocklistChange', { JID: info.Sender, Action: 'block' }),
    );
  });
});

describe('wa-akg', () => {
  const told = (event: string, data: object) => ({ event, sessionId: 'ses_1', timestamp: at, data });
  const jid = '12025550102@s.whatsapp.net';
  const received = {
    key: { remoteJid: jid, fromMe: false, id: '3EB0AA' },
    pushName: 'Ana',
    messageTimestamp: 1_795_249_276,
    from: jid,
    receiver: '6281111111111@s.whatsapp.net',
    sender: jid,
    isGroup: false,
    chatType: 'PERSONAL',
    type: 'TEXT',
    content: 'hello',
    fileUrl: null,
    caption: null,
    quoted: null,
  };

  it('tells of messages', () => {
    expect(write(waAkg, 'message.received', { message: text })).toEqual(told('message.received', received));
    expect(write(waAkg, 'message.received', { message: answer })).toEqual(
      told('message.received', {
        ...received,
        key: { ...received.key, remoteJid: group, participant: jid },
        from: group,
        isGroup: true,
        chatType: 'GROUP',
        quoted: { id: '3EB0BB', sender: '12025550103@s.whatsapp.net', content: 'who?' },
      }),
    );
    expect(write(waAkg, 'message.sent', { message: { ...photo, fromMe: true } }, file)).toEqual(
      told('message.sent', {
        ...received,
        key: { ...received.key, fromMe: true },
        type: 'IMAGE',
        content: 'look',
        caption: 'look',
        fileUrl: 'https://x/1',
      }),
    );
  });

  it('tells how sent messages get on', () => {
    const status = { id: 'msg_1', messageId: '3EB0AA', chatId: ana.waId, status: 'read', at };
    const key = { remoteJid: jid, fromMe: true, id: '3EB0AA' };
    expect(write(waAkg, 'message.status', status)).toEqual(
      told('message.status', { key, messageId: '3EB0AA', status: 'READ' }),
    );
    const failed = { id: 'msg_1', messageId: '3EB0AA', chatId: ana.waId, errorCode: 'x', detail: 'y', at };
    expect(write(waAkg, 'message.failed', failed)).toEqual(
      told('message.status', { key, messageId: '3EB0AA', status: 'FAILED' }),
    );
    expect(write(waAkg, 'message.status', { ...status, status: 'sent' })).toBeNull();
  });

  it('tells of edits, deletions and sessions', () => {
    expect(write(waAkg, 'message.edited', { ...done, text: null, content: { caption: 'new' } })).toEqual(
      told('message.edited', { key: received.key, content: 'new' }),
    );
    expect(write(waAkg, 'message.revoked', done)).toEqual(
      told('message.deleted', { key: received.key, deletedBy: jid }),
    );
    expect(write(waAkg, 'session.status', { status: 'connected', reason: null, me: ana })).toEqual(
      told('connection.update', { status: 'Connected', reason: null, me: { id: jid, name: 'Ana' } }),
    );
    const participants = { chatId: group, change: 'demoted', participants: [ana], by: null, at };
    expect(write(waAkg, 'group.participants', participants)).toEqual(
      told('group.participant', { id: group, participants: [jid], action: 'demote', author: null }),
    );
  });
});
