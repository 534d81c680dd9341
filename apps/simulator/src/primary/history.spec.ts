import { randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys';
import type { BaileysEventMap, WAMessage } from '@whiskeysockets/baileys';
import type { BaileysClient } from '../../test-kit/baileys-client.js';
import { useSimulator } from '../../test-kit/use-simulator.js';

type HistoryEvent = BaileysEventMap['messaging-history.set'];

const { INITIAL_BOOTSTRAP, RECENT, FULL, ON_DEMAND } = proto.HistorySync.HistorySyncType;
const { Type } = proto.Message.ProtocolMessage;
const Kind = proto.Message.PeerDataOperationRequestType;

describe('the history a phone shares', () => {
  const world = useSimulator({ seed: 'history' });
  const jidOf = ({ pn }: { pn: string }) => `${pn}@s.whatsapp.net`;
  const tell = (pn: string, order: object) => world.post(`/accounts/${pn}/phone`, order);

  const histories = (client: BaileysClient) =>
    client.events.filter(({ name }) => name === 'messaging-history.set').map(({ payload }) => payload as HistoryEvent);
  const told = (client: BaileysClient) => histories(client).flatMap(({ messages }) => messages);
  const textOf = ({ message }: WAMessage) => message?.conversation ?? message?.extendedTextMessage?.text;
  const chatOf = (client: BaileysClient, jid: string) =>
    histories(client)
      .flatMap(({ chats }) => chats)
      .find(({ id }) => id === jid);

  async function owner() {
    const [{ pn }] = [await world.aContact({ behaviour: 'phone', name: 'Olga' })];
    return pn;
  }

  it('is what was said before linking, with names, unread counts and the arrangement of chats', async () => {
    const [pn, ana, ben] = [
      await owner(),
      await world.aContact({ name: 'Ana', behaviour: 'reader' }),
      await world.aContact(),
    ];
    await world.post(`/accounts/${pn}/send`, { to: ana.pn, text: 'hello Ana' });
    await world.post(`/accounts/${ana.pn}/send`, { to: pn, textTemplate: 'answer {n}', count: 3 });
    await world.post(`/accounts/${ben.pn}/send`, { to: pn, text: 'hi, Ben here' });
    await tell(pn, { op: 'contact', contact: ana.pn, name: 'Ana from work' });
    await tell(pn, { op: 'pin', chat: ana.pn });
    await tell(pn, { op: 'archive', chat: ben.pn });
    const client = await world.aClient().pair(pn);
    await client.until(() => told(client).length >= 5);
    await client.until(() => client.creds.me?.name === 'Olga');
    expect(told(client).map(textOf).sort()).toEqual(['answer 1', 'answer 2', 'answer 3', 'hello Ana', 'hi, Ben here']);
    expect(told(client).find((message) => message.key.fromMe)).toMatchObject({
      status: 4,
      key: { remoteJid: jidOf(ana) },
    });
    expect(chatOf(client, jidOf(ana))).toMatchObject({
      name: 'Ana from work',
      lidJid: `${ana.lid}@lid`,
      unreadCount: 3,
    });
    expect(Number(chatOf(client, jidOf(ana))?.pinned)).toBeGreaterThan(0);
    expect(chatOf(client, jidOf(ben))).toMatchObject({ archived: true, unreadCount: 1 });
    const contacts = histories(client).flatMap((event) => event.contacts);
    expect(contacts).toContainEqual(expect.objectContaining({ id: jidOf(ana), notify: 'Ana' }));
    const lid = await client.socket.signalRepository.lidMapping.getLIDForPN(jidOf(ben));
    expect(lid).toBe(`${ben.lid}@lid`);
  });

  it('comes after the keys, in chunks that say how far they are, as files when they are large', async () => {
    const pn = await owner();
    const noise = () => randomBytes(150).toString('base64');
    for (const person of [await world.aContact(), await world.aContact(), await world.aContact()]) {
      const messages = Array.from({ length: 1_000 }, () => ({ text: noise() }));
      await world.post(`/accounts/${pn}/history`, { chats: [{ chat: person.pn, messages }] });
    }
    const client = await world.aClient().pair(pn);
    await client.event(
      'messaging-history.status',
      ({ syncType, status }) => syncType === RECENT && status === 'complete',
    );
    await client.until(() => told(client).length === 3_000);
    expect(new Set(told(client).map(({ key }) => key.id)).size).toBe(3_000);
    const received = client.upserts.map(({ message }) => message.message?.protocolMessage);
    const peer = received.filter((message) => message);
    expect(peer[0]?.appStateSyncKeyShare?.keys?.length).toBe(1);
    const chunks = peer.map((message) => message?.historySyncNotification).filter((chunk) => chunk);
    expect(chunks[0]).toMatchObject({ syncType: INITIAL_BOOTSTRAP });
    const recent = chunks.filter((chunk) => chunk?.syncType === proto.Message.HistorySyncType.RECENT);
    expect(recent.map((chunk) => [chunk?.chunkOrder, chunk?.progress])).toEqual([
      [1, 16],
      [2, 33],
      [3, 50],
      [4, 66],
      [5, 83],
      [6, 100],
    ]);
    expect(recent.every((chunk) => chunk?.directPath && !chunk.initialHistBootstrapInlinePayload)).toBe(true);
  });

  it('leaves out old messages unless the client wants everything', async () => {
    const pn = await owner();
    const [friend] = [await world.aContact()];
    const year = 365 * 86_400;
    const long = Math.floor(Date.now() / 1000) - year;
    await world.post(`/accounts/${pn}/history`, {
      chats: [
        { chat: friend.pn, textTemplate: 'old {n}', count: 5, until: long },
        { chat: friend.pn, textTemplate: 'new {n}', count: 5 },
      ],
    });
    const everything = { shouldSyncHistoryMessage: () => true };
    const modest = await world.aClient({ ...everything, syncFullHistory: false }).pair(pn);
    const greedy = await world.aClient({ ...everything, syncFullHistory: true }).pair(pn);
    await greedy.until(() => told(greedy).length === 10);
    await modest.event('messaging-history.status', ({ syncType }) => syncType === RECENT);
    await modest.settle();
    expect(
      told(modest)
        .map(textOf)
        .filter((text) => text?.startsWith('old')),
    ).toEqual([]);
    expect(histories(greedy).some(({ syncType }) => syncType === FULL)).toBe(true);
  });

  it('is given to every client that is linked, each with what happened until then', async () => {
    const [pn, friend] = [await owner(), await world.aContact({ behaviour: 'reader' })];
    const desk = await world.aClient().pair(pn);
    const id = await desk.sendText(friend.pn, 'from the desk');
    await desk.reached(id, 4);
    const laptop = await world.aClient().pair(pn);
    await laptop.until(() => told(laptop).some(({ key }) => key.id === id));
    expect(told(laptop)).toMatchObject([{ key: { id, fromMe: true, remoteJid: jidOf(friend) }, status: 4 }]);
    expect(told(desk)).toEqual([]);
  });

  it('follows what clients do: reading, editing, revoking, clearing and deleting', async () => {
    const [pn, friend, other] = [await owner(), await world.aContact(), await world.aContact()];
    const client = await world.aClient().pair(pn);
    await world.post(`/accounts/${friend.pn}/send`, { to: pn, text: 'read me' });
    const { message } = await client.received('read me');
    await client.socket.readMessages([message.key]);
    const edited = await client.socket.sendMessage(jidOf(friend), { text: 'tpyo' });
    await client.socket.sendMessage(jidOf(friend), { edit: edited?.key, text: 'typo' });
    const revoked = await client.socket.sendMessage(jidOf(friend), { text: 'oops' });
    // The library puts the key of the revocation into the message it returned.
    const revokedId = revoked?.key.id;
    await client.socket.sendMessage(jidOf(friend), { delete: { ...revoked!.key } });
    const { message: gone } =
      (await world.post(`/accounts/${other.pn}/send`, { to: pn, text: 'gone' }), await client.received('gone'));
    await client.socket.chatModify({ delete: true, lastMessages: [gone] }, jidOf(other));
    const laptop = await world.aClient().pair(pn);
    await laptop.until(() => told(laptop).length >= 3);
    const revision = told(laptop).find(({ key }) => key.id === edited?.key.id);
    expect(revision && textOf(revision)).toBe('typo');
    const stub = told(laptop).find(({ key }) => key.id === revokedId);
    expect(stub).toMatchObject({ messageStubType: proto.WebMessageInfo.StubType.REVOKE });
    expect(stub?.message).toBeFalsy();
    expect(chatOf(laptop, jidOf(friend))).toMatchObject({ unreadCount: 0 });
    expect(chatOf(laptop, jidOf(other))).toBeUndefined();
  });

  it('goes back further when a client asks, up to the beginning', async () => {
    const [pn, friend] = [await owner(), await world.aContact()];
    const until = Math.floor(Date.now() / 1000) - 365 * 86_400;
    await world.post(`/accounts/${pn}/history`, {
      chats: [{ chat: friend.pn, textTemplate: 'no {n}', count: 9, until }],
    });
    const client = await world.aClient({ syncFullHistory: false }).pair(pn);
    const newest = await client.until(() => told(client)[0]);
    const ask = async (count: number, { key, messageTimestamp }: WAMessage) => {
      const id = await client.socket.fetchMessageHistory(count, key, Number(messageTimestamp) * 1000);
      return client.event('messaging-history.set', (event) => event.peerDataRequestSessionId === id);
    };
    const page = await ask(5, newest);
    expect(page.syncType).toBe(ON_DEMAND);
    expect(page.messages.map(textOf)).toEqual(['no 8', 'no 7', 'no 6', 'no 5', 'no 4']);
    // Known by its time only, as if the phone had lost that message.
    const rest = await ask(50, { ...page.messages.at(-1)!, key: { ...newest.key, id: 'UNKNOWN' } });
    expect(rest.messages.map(textOf)).toEqual(['no 3', 'no 2', 'no 1']);
    const shares = client.upserts.map(({ message }) => message.message?.protocolMessage?.historySyncNotification);
    expect(shares.filter((share) => share?.syncType === proto.Message.HistorySyncType.ON_DEMAND).length).toBe(2);
  });

  it('is sent once more, whole, on request of the client or of its owner', async () => {
    const [pn, friend] = [await owner(), await world.aContact()];
    await world.post(`/accounts/${pn}/history`, { chats: [{ chat: friend.pn, textTemplate: 'no {n}', count: 3 }] });
    const client = await world.aClient({ shouldSyncHistoryMessage: () => true }).pair(pn);
    const id = await client.socket.sendPeerDataOperationMessage({
      peerDataOperationRequestType: Kind.FULL_HISTORY_SYNC_ON_DEMAND,
      fullHistorySyncOnDemandRequest: { requestMetadata: { requestId: 'again' } },
    });
    const full = () => histories(client).filter(({ syncType }) => syncType === FULL);
    await client.until(() => full().length === 1);
    const answer = client.upserts.find(
      ({ message }) => message.message?.protocolMessage?.peerDataOperationRequestResponseMessage?.stanzaId === id,
    );
    expect(answer?.message.message?.protocolMessage?.type).toBe(Type.PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE);
    await tell(pn, { op: 'historySync' });
    await client.until(() => full().length === 2);
  });

  it('is sent for as many days as the client asks for', async () => {
    const [pn, friend] = [await owner(), await world.aContact()];
    const messages = [{ text: 'old', at: Math.floor(Date.now() / 1000) - 9 * 86_400 }, { text: 'new' }];
    const client = await world.aClient({ shouldSyncHistoryMessage: () => true }).pair(pn);
    // Only now: Baileys tells no message twice.
    await world.post(`/accounts/${pn}/history`, { chats: [{ chat: friend.pn, messages }] });
    await client.socket.sendPeerDataOperationMessage({
      peerDataOperationRequestType: Kind.FULL_HISTORY_SYNC_ON_DEMAND,
      fullHistorySyncOnDemandRequest: {
        requestMetadata: { requestId: 'a week' },
        historySyncConfig: { fullSyncDaysLimit: 7 },
      },
    });
    const [week] = await client.until(() => {
      const parts = histories(client).filter(({ syncType }) => syncType === FULL);
      return parts.length > 0 && parts;
    });
    expect(week?.messages.map(textOf)).toEqual(['new']);
  });

  it('knows the groups of the owner, what was said there, and who has left', async () => {
    const [pn, friend, guest] = [await owner(), await world.aContact({ name: 'Gina' }), await world.aContact()];
    const order = { subject: 'Team', owner: pn, members: [friend.pn, guest.pn] };
    const { body: group } = await world.post<{ jid: string }>('/groups', order);
    await world.post(`/accounts/${friend.pn}/send`, { to: group.jid, text: 'hello team' });
    await world.patch(`/groups/${group.jid}`, { by: pn, remove: [guest.pn] });
    const client = await world.aClient().pair(pn);
    const { pastParticipants } = await client.event('messaging-history.set', (event) => event.pastParticipants?.length);
    expect(pastParticipants).toMatchObject([
      { groupJid: group.jid, pastParticipants: [{ userJid: `${guest.lid}@lid`, leaveReason: 1 }] },
    ]);
    expect(chatOf(client, group.jid)).toMatchObject({ name: 'Team', unreadCount: 1 });
    expect(told(client)).toMatchObject([
      { key: { remoteJid: group.jid, participant: `${friend.lid}@lid` }, message: { conversation: 'hello team' } },
    ]);
  });

  it('can be given: chats of long ago, with those who have left', async () => {
    const [pn, friend] = [await owner(), await world.aContact()];
    const chat = '120363000000000001@g.us';
    const formerMembers = [{ pn: friend.pn, leftAt: 1_700_000_000 }];
    await world.post(`/accounts/${pn}/history`, { chats: [{ chat, name: 'Class of 99', unread: 2, formerMembers }] });
    const client = await world.aClient().pair(pn);
    const { pastParticipants } = await client.event('messaging-history.set', (event) => event.pastParticipants?.length);
    expect(pastParticipants).toMatchObject([{ groupJid: chat, pastParticipants: [{ userJid: jidOf(friend) }] }]);
    expect(chatOf(client, chat)).toMatchObject({ name: 'Class of 99', unreadCount: 2 });
  });

  it('fills in a message that arrived without content', async () => {
    const [pn, friend] = [await owner(), await world.aContact()];
    const client = await world.aClient().pair(pn);
    const { body } = await tell(friend.pn, { op: 'sendToPhoneOnly', to: pn, text: 'for the phone' });
    const stub = await client.until(() => client.upserts.find(({ message }) => message.key.id === body.id));
    expect(stub.message).toMatchObject({ messageStubType: proto.WebMessageInfo.StubType.CIPHERTEXT });
    const { message } = await client.received('for the phone');
    expect(message.key).toMatchObject({ id: body.id, remoteJid: jidOf(friend), fromMe: false });
  });

  it('includes the keys of the settings when a client asks for one', async () => {
    const client = await world.aClient().pair(await owner());
    const keyId = Buffer.from(client.creds.myAppStateKeyId ?? '', 'base64');
    const request = { type: Type.APP_STATE_SYNC_KEY_REQUEST, appStateSyncKeyRequest: { keyIds: [{ keyId }] } };
    const before = client.upserts.length;
    await client.socket.relayMessage(
      `${client.pn}@s.whatsapp.net`,
      { protocolMessage: request },
      { additionalAttributes: { category: 'peer' } },
    );
    const share = await client.until(() =>
      client.upserts.slice(before).find(({ message }) => message.message?.protocolMessage?.appStateSyncKeyShare),
    );
    const [key] = share.message.message!.protocolMessage!.appStateSyncKeyShare!.keys!;
    expect(Buffer.from(key!.keyId!.keyId!).equals(keyId)).toBe(true);
  });

  it('comes with the mapping of numbers and opaque ids whenever the phone sends it', async () => {
    const [pn, friend] = [await owner(), await world.aContact()];
    const client = await world.aClient().pair(pn);
    await world.post(`/accounts/${pn}/history`, { chats: [{ chat: friend.pn, textTemplate: 'x', count: 1 }] });
    await tell(pn, { op: 'lidMappings' });
    await client.until(() =>
      client.upserts.find(({ message }) => message.message?.protocolMessage?.lidMigrationMappingSyncMessage),
    );
    await client.settle();
    expect(await client.socket.signalRepository.lidMapping.getLIDForPN(jidOf(friend))).toBe(`${friend.lid}@lid`);
  });

  it('counts requests the phone cannot fulfil', async () => {
    const client = await world.aClient().pair(await owner());
    await client.socket.sendPeerDataOperationMessage({
      peerDataOperationRequestType: Kind.GENERATE_LINK_PREVIEW,
      requestUrlPreview: [{ url: 'https://example.org' }],
    });
    await client.until(() =>
      client.upserts.find(({ message }) => message.message?.protocolMessage?.peerDataOperationRequestResponseMessage),
    );
    const { items } = await world.get<{ items: { kind: string }[] }>('/unanswered');
    expect(items).toContainEqual(expect.objectContaining({ kind: 'peer request GENERATE_LINK_PREVIEW' }));
  });

  it('is preceded by notice of what changed while the client was away, until it has looked', async () => {
    const client = await world.aClient().pair(await owner());
    await client.close();
    await tell(client.pn, { op: 'soil', type: 'account_sync' });
    await client.connect().opened();
    const first = await client.until(() => client.creds.lastAccountSyncTimestamp);
    await client.close();
    await client.connect().opened();
    await client.settle();
    await client.close();
    await client.connect().opened();
    await client.settle();
    expect(first).toBeGreaterThan(0);
    const { items } = await world.get<{ items: { xml: string }[] }>(
      `/stanzas?account=${client.pn}&direction=out&tag=ib&limit=1000`,
    );
    expect(items.filter(({ xml }) => xml.includes('<dirty')).length).toBe(2);
  });
});
