import { proto } from '@whiskeysockets/baileys';
import type { BaileysEventMap } from '@whiskeysockets/baileys';
import type { Area, Exercise, Stage } from './area.js';

interface View {
  pushName: string | null;
  disableLinkPreviews: boolean;
  chats: Record<string, { archived?: boolean; pinned?: boolean; labels: string[] }>;
  contacts: { jid: string; name: string | null }[];
  labels: { id: string; name: string }[];
  messageLabels: { label: string; id: string }[];
  starred: { id: string }[];
  quickReplies: { id: string; shortcut: string; text: string }[];
}

const { ON_DEMAND } = proto.HistorySync.HistorySyncType;

/** What the phone reads in the settings of the account. */
const seen = ({ world, me }: Stage) => world.get<View>(`/accounts/${me.pn}/settings`);

/** Makes the phone of the account do something. */
async function tell({ world, me }: Stage, order: object): Promise<void> {
  const { status, body } = await world.post(`/accounts/${me.pn}/phone`, order);
  if (status !== 200) throw new Error(JSON.stringify(body));
}

/** A message of the friend, as this client got it. */
async function received({ world, me, friend }: Stage, text: string) {
  await world.post(`/accounts/${friend.pn}/send`, { to: me.pn, text });
  return (await me.received(text)).message;
}

/** The phone writes something, and the client tells about it. */
function told<K extends keyof BaileysEventMap>(
  name: K,
  order: (stage: Stage) => object,
  matches: (payload: BaileysEventMap[K], stage: Stage) => unknown,
): Exercise {
  return async (stage) => {
    await tell(stage, order(stage));
    await stage.me.event(name, (payload) => matches(payload, stage));
  };
}

const settings: Area['functions'] = {
  chatModify: async (stage) => {
    await stage.me.socket.chatModify({ archive: true, lastMessages: [] }, stage.friend.jid);
    expect((await seen(stage)).chats[stage.friend.jid]).toMatchObject({ archived: true });
  },
  appPatch: async (stage) => {
    await stage.me.socket.appPatch({
      type: 'regular_low',
      index: ['pin_v1', stage.friend.jid],
      syncAction: { pinAction: { pinned: true } },
      apiVersion: 5,
      operation: proto.SyncdMutation.SyncdOperation.SET,
    });
    expect((await seen(stage)).chats[stage.friend.jid]).toMatchObject({ pinned: true });
  },
  resyncAppState: async (stage) => {
    const { me } = stage;
    await tell(stage, { op: 'label', id: 'resync', name: 'before' });
    await me.event('labels.edit', ({ id, name }) => id === 'resync' && name === 'before');
    const count = me.events.filter(({ name }) => name === 'labels.edit').length;
    // Without its notes the client starts from nothing and hears of everything again.
    await me.socket.authState.keys.set({ 'app-state-sync-version': { regular: null } });
    await me.socket.resyncAppState(['regular'], false);
    await me.until(() => me.events.filter(({ name }) => name === 'labels.edit').length > count);
  },
  star: async (stage) => {
    const { key } = await received(stage, 'a star');
    const id = key.id ?? '';
    await stage.me.socket.star(stage.friend.jid, [{ id, fromMe: false }], true);
    expect((await seen(stage)).starred).toContainEqual(expect.objectContaining({ id }));
    await stage.me.socket.star(stage.friend.jid, [{ id, fromMe: false }], false);
    expect((await seen(stage)).starred).not.toContainEqual(expect.objectContaining({ id }));
  },
  addOrEditContact: async (stage) => {
    await stage.me.socket.addOrEditContact(stage.friend.jid, { fullName: 'My friend' });
    expect((await seen(stage)).contacts).toContainEqual(expect.objectContaining({ name: 'My friend' }));
  },
  removeContact: async (stage) => {
    await stage.me.socket.removeContact(stage.friend.jid);
    expect((await seen(stage)).contacts).toEqual([]);
  },
  addOrEditQuickReply: async (stage) => {
    await stage.me.socket.addOrEditQuickReply({ shortcut: 'hi', message: 'Hello!', timestamp: '17' });
    expect((await seen(stage)).quickReplies).toEqual([{ id: '17', shortcut: 'hi', text: 'Hello!' }]);
  },
  removeQuickReply: async (stage) => {
    await stage.me.socket.removeQuickReply('17');
    expect((await seen(stage)).quickReplies).toEqual([]);
  },
  updateDisableLinkPreviewsPrivacy: async (stage) => {
    await stage.me.socket.updateDisableLinkPreviewsPrivacy(true);
    expect((await seen(stage)).disableLinkPreviews).toBe(true);
  },
  updateProfileName: async (stage) => {
    await stage.me.socket.updateProfileName('Robin');
    expect((await seen(stage)).pushName).toBe('Robin');
    await expect(stage.world.get(`/accounts/${stage.me.pn}`)).resolves.toMatchObject({ name: 'Robin' });
  },
};

const labels: Area['functions'] = {
  addLabel: async (stage) => {
    await stage.me.socket.addLabel('', { id: '1', name: 'Customer', color: 3 });
    expect((await seen(stage)).labels).toContainEqual({ id: '1', name: 'Customer', color: 3 });
  },
  addChatLabel: async (stage) => {
    await stage.me.socket.addChatLabel(stage.friend.jid, '1');
    expect((await seen(stage)).chats[stage.friend.jid]?.labels).toEqual(['1']);
  },
  removeChatLabel: async (stage) => {
    await stage.me.socket.removeChatLabel(stage.friend.jid, '1');
    expect((await seen(stage)).chats[stage.friend.jid]?.labels).toEqual([]);
  },
  addMessageLabel: async (stage) => {
    await stage.me.socket.addMessageLabel(stage.friend.jid, 'LABELLED', '1');
    expect((await seen(stage)).messageLabels).toMatchObject([{ label: '1', id: 'LABELLED' }]);
  },
  removeMessageLabel: async (stage) => {
    await stage.me.socket.removeMessageLabel(stage.friend.jid, 'LABELLED', '1');
    expect((await seen(stage)).messageLabels).toEqual([]);
  },
};

const requests: Area['functions'] = {
  cleanDirtyBits: async ({ world, me }) => {
    const notices = async () => {
      await me.close();
      const start = (await world.get<{ lastSeq: number }>('/stanzas?limit=1')).lastSeq;
      await me.connect().opened();
      await me.settle();
      const path = `/stanzas?account=${me.pn}&tag=ib&direction=out&since=${start}`;
      const { items } = await world.get<{ items: { xml: string }[] }>(path);
      return items.filter(({ xml }) => xml.includes('<dirty type="account_sync"')).length;
    };
    await me.close();
    await world.post(`/accounts/${me.pn}/phone`, { op: 'soil', type: 'account_sync' });
    expect(await notices()).toBe(1);
    await me.socket.cleanDirtyBits('account_sync', me.creds.lastAccountSyncTimestamp);
    expect(await notices()).toBe(0);
  },
  fetchMessageHistory: async ({ world, me, friend }) => {
    const order = { chat: friend.pn, textTemplate: 'long ago {n}', count: 3, until: 1_600_000_000 };
    await world.post(`/accounts/${me.pn}/history`, { chats: [order] });
    const key = { remoteJid: friend.jid, fromMe: false, id: 'UNKNOWN' };
    const id = await me.socket.fetchMessageHistory(2, key, 1_600_000_000_000);
    const answer = await me.event('messaging-history.set', (event) => event.peerDataRequestSessionId === id);
    expect(answer.syncType).toBe(ON_DEMAND);
    expect(answer.messages.map(({ message }) => message?.conversation)).toEqual(['long ago 3', 'long ago 2']);
  },
  requestPlaceholderResend: async (stage) => {
    const { key } = await received(stage, 'say it again');
    const before = stage.me.upserts.length;
    await stage.me.socket.requestPlaceholderResend(key);
    const isCopy = ({ message }: { message: { key: { id?: string | null } } }) => message.key.id === key.id;
    const { message } = await stage.me.until(() => stage.me.upserts.slice(before).find(isCopy));
    expect(message.message?.conversation).toBe('say it again');
  },
  sendPeerDataOperationMessage: async ({ me }) => {
    const id = await me.socket.sendPeerDataOperationMessage({
      peerDataOperationRequestType: proto.Message.PeerDataOperationRequestType.FULL_HISTORY_SYNC_ON_DEMAND,
      fullHistorySyncOnDemandRequest: { requestMetadata: { requestId: 'all' } },
    });
    const { message } = await me.until(() =>
      me.upserts.find(
        (upsert) => upsert.message.message?.protocolMessage?.peerDataOperationRequestResponseMessage?.stanzaId === id,
      ),
    );
    expect(message.key.fromMe).toBe(true);
  },
};

/** Takes one of the client's locks; the answer lets it go. */
function hold(lock: { mutex<T>(code: () => Promise<T>): Promise<T> }): Promise<() => void> {
  return new Promise((taken) => void lock.mutex(() => new Promise<void>((release) => taken(release))));
}

const internals: Area['functions'] = {
  appStatePatchMutex: async (stage) => {
    const { me } = stage;
    const letGo = await hold(me.socket.appStatePatchMutex);
    const writing = me.socket.addLabel('', { id: '9', name: 'Waits' });
    await me.settle();
    expect((await seen(stage)).labels).not.toContainEqual(expect.objectContaining({ id: '9' }));
    letGo();
    await writing;
    expect((await seen(stage)).labels).toContainEqual(expect.objectContaining({ id: '9' }));
  },
  messageMutex: async ({ world, me, friend }) => {
    const letGo = await hold(me.socket.messageMutex);
    const text = 'behind the lock';
    const { body } = await world.post<{ ids: string[] }>(`/accounts/${friend.pn}/send`, { to: me.pn, text });
    await world.get(`/stanzas/wait?account=${me.pn}&direction=out&id=${body.ids[0]}`);
    await me.settle();
    expect(me.upserts.some(({ message }) => message.key.id === body.ids[0])).toBe(false);
    letGo();
    expect((await me.received(text)).message.key.id).toBe(body.ids[0]);
  },
  placeholderResendCache: async (stage) => {
    const { me } = stage;
    const { key } = await received(stage, 'asked for once');
    const id = key.id ?? '';
    // A request is running already, the client believes.
    await me.socket.placeholderResendCache.set(id, true);
    expect(await me.socket.requestPlaceholderResend(key)).toBeUndefined();
    await me.socket.placeholderResendCache.del(id);
    expect(await me.socket.requestPlaceholderResend(key)).toEqual(expect.any(String));
    await me.until(() => me.upserts.filter(({ message }) => message.key.id === id).length > 1);
    expect(await me.socket.placeholderResendCache.get(id)).toBeUndefined();
  },
};

const chats: Area['events'] = {
  'messaging-history.set': async ({ world }) => {
    const [owner, friend] = [await world.aContact({ behaviour: 'phone' }), await world.aContact()];
    await world.post(`/accounts/${friend.pn}/send`, { to: owner.pn, text: 'before you were linked' });
    const { me } = { me: await world.aClient().pair(owner.pn) };
    await me.event('messaging-history.set', ({ messages }) =>
      messages.some(({ message }) => message?.conversation === 'before you were linked'),
    );
  },
  'messaging-history.status': async ({ world }) => {
    const me = await world.aClient().pair(world.aNumber());
    await me.event('messaging-history.status', ({ status, explicit }) => status === 'complete' && explicit);
  },
  'chats.upsert': async ({ world, me, friend }) => {
    const order = { subject: 'Old friends', owner: friend.pn, members: [me.pn] };
    const { body } = await world.post<{ jid: string }>('/groups', order);
    await me.event('chats.upsert', (chats) => chats.some(({ id, name }) => id === body.jid && name === 'Old friends'));
  },
  'chats.update': told(
    'chats.update',
    ({ friend }) => ({ op: 'mute', chat: friend.pn, until: 4_102_444_800_000 }),
    (updates) => updates.some(({ muteEndTime }) => muteEndTime === 4_102_444_800_000),
  ),
  'chats.delete': told(
    'chats.delete',
    ({ friend }) => ({ op: 'deleteChat', chat: friend.pn }),
    (jids, { friend }) => jids.includes(friend.jid),
  ),
  'chats.lock': told(
    'chats.lock',
    ({ friend }) => ({ op: 'lockChat', chat: friend.pn }),
    ({ id, locked }, { friend }) => id === friend.jid && locked,
  ),
  'messages.delete': async (stage) => {
    const { key } = await received(stage, 'delete me');
    await tell(stage, { op: 'deleteMessageForMe', chat: stage.friend.pn, id: key.id });
    await stage.me.event('messages.delete', (event) => 'keys' in event && event.keys[0]?.id === key.id);
  },
};

const people: Area['events'] = {
  'contacts.upsert': told(
    'contacts.upsert',
    ({ friend }) => ({ op: 'contact', contact: friend.pn, name: 'A friend' }),
    (contacts) => contacts.some(({ name }) => name === 'A friend'),
  ),
  'contacts.update': async (stage) => {
    await received(stage, 'my name comes along');
    const { name } = await stage.world.get<{ name: string }>(`/accounts/${stage.friend.pn}`);
    await stage.me.event('contacts.update', (updates) => updates.some(({ notify }) => notify === name));
  },
  'lid-mapping.update': told(
    'lid-mapping.update',
    ({ friend }) => ({ op: 'pnForLid', contact: friend.pn }),
    ({ pn, lid }, { friend }) => pn === friend.jid && lid === `${friend.lid}@lid`,
  ),
};

const others: Area['events'] = {
  'labels.edit': told(
    'labels.edit',
    () => ({ op: 'label', id: '5', name: 'Urgent', color: 2 }),
    ({ id, name }) => id === '5' && name === 'Urgent',
  ),
  'labels.association': told(
    'labels.association',
    ({ friend }) => ({ op: 'labelChat', label: '5', chat: friend.pn }),
    ({ type, association }) => type === 'add' && association.labelId === '5',
  ),
  'settings.update': told(
    'settings.update',
    () => ({ op: 'timeFormat', on: true }),
    ({ setting }) => setting === 'timeFormat',
  ),
  'creds.update': told(
    'creds.update',
    () => ({ op: 'pushName', name: 'Robin Hood' }),
    ({ me }) => me?.name === 'Robin Hood',
  ),
};

/** The phone behind a linked client: settings, labels, history, and what only the phone can answer. */
export const phone: Area = {
  title: 'phone',
  functions: { ...settings, ...labels, ...requests, ...internals },
  events: { ...chats, ...people, ...others },
};
