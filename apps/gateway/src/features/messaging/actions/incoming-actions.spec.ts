import { Message } from '@app/database/entities/message.entity.js';
import { newId } from '@app/platform/ids/id.js';
import { soon } from '@app/testing/expect-soon.js';
import { useFeature } from '@app/testing/use-feature.js';
import { writeReaction, writeVote } from '@app/whatsapp/actions/write-action.js';
import { writeMessage } from '@app/whatsapp/content/write-message.js';
import { type InboundAction, readInbound } from '@app/whatsapp/map/inbound-message.js';
import { IdentitiesService } from '../identities.service.js';
import { targetIdOf } from '../message-ids.js';
import { IncomingActionsService } from './incoming-actions.service.js';
import { MessageActionsModule } from './message-actions.module.js';

const ANA = { phone: '6281111111111', lid: '111111111111111@lid' };
const account = { waId: '6282222222222', phone: '6282222222222', lid: '222222222222222@lid', name: 'Us' };

describe('IncomingActionsService', () => {
  const app = useFeature(MessageActionsModule);
  const poll = writeMessage(
    { type: 'poll', question: 'Lunch?', options: ['fish', 'soup'], maxAnswers: 1 },
    { chatId: ANA.phone, context: null },
  );

  async function aSession() {
    const { tenantId } = await app.aUser();
    return { tenantId, sessionId: newId('session'), account };
  }
  type ActingSession = Awaited<ReturnType<typeof aSession>>;

  async function aPoll({ tenantId, sessionId }: ActingSession, messageId: string): Promise<string> {
    const id = newId('message');
    const content = { question: 'Lunch?', options: ['fish', 'soup'], maxAnswers: 1 };
    const facts = { senderId: account.waId, fromMe: true, type: 'poll', text: 'Lunch?', content, proto: poll };
    const row = { id, tenantId, sessionId, messageId, chatId: ANA.phone, status: 'delivered' as const, ...facts };
    await app.db.getRepository(Message).insert({ ...row, timestamp: new Date() });
    return id;
  }

  const target = { messageId: 'POLL', chatId: ANA.phone, author: account.waId, fromMe: true, proto: poll };

  /** What comes from Ana, by her number alone. */
  function fromAna(id: string, proto: Buffer): InboundAction {
    const attrs = { from: `${ANA.phone}@s.whatsapp.net`, id, t: String(Math.floor(Date.now() / 1000)) };
    const read = readInbound({ key: id, attrs, plaintext: Buffer.concat([proto, Buffer.from([1])]) }, account);
    if (read?.kind !== 'action') throw new Error('this is no action');
    return read;
  }

  const seen = (session: ActingSession, inbound: InboundAction) =>
    app.db.transaction((tx) => app.get(IncomingActionsService).seen(tx, [{ session, inbound }]));
  const answersTo = (id: string) =>
    app.db.query<object[]>('SELECT person_id, value FROM message_answers WHERE message_id = $1', [id]);
  const waiting = ({ sessionId }: ActingSession) =>
    app.db.query<object[]>('SELECT waits_for FROM waiting_actions WHERE session_id = $1', [sessionId]);

  it('counts a vote that was sealed with an address which is learnt later', async () => {
    const session = await aSession();
    const id = await aPoll(session, 'POLL');
    const vote = writeVote(target, ['soup'], { author: account.lid, answerer: ANA.lid });
    expect(await seen(session, fromAna('VOTE', vote))).toEqual([]);
    expect(await waiting(session)).toEqual([{ waits_for: 'address' }]);
    await app.db.transaction((tx) => app.get(IdentitiesService).learn(tx, [{ ...session, ...ANA }]));
    app.get(IncomingActionsService).onAddresses(session);
    await soon(async () =>
      expect(await answersTo(id)).toEqual([{ person_id: ANA.phone, value: { options: ['soup'] } }]),
    );
    expect(await waiting(session)).toEqual([]);
  });

  it('applies what came before its message once that has come', async () => {
    const session = await aSession();
    expect(await seen(session, fromAna('REACTION', writeReaction(target, '👍')))).toEqual([]);
    expect(await waiting(session)).toEqual([{ waits_for: 'message' }]);
    const id = await aPoll(session, 'POLL');
    const events = await app.db.transaction((tx) =>
      app.get(IncomingActionsService).arrived(tx, [{ session, messageId: 'POLL' }]),
    );
    expect(events).toMatchObject([{ type: 'message.reaction', data: { id, emoji: '👍' } }]);
    expect(await waiting(session)).toEqual([]);
  });

  it('lets an older answer that comes late, and a repeated one, change nothing', async () => {
    const session = await aSession();
    const id = await aPoll(session, 'POLL');
    const [first, second] = [fromAna('R1', writeReaction(target, '👍')), fromAna('R2', writeReaction(target, '❤️'))];
    first.timestamp = new Date(second.timestamp.getTime() - 1000);
    expect(await seen(session, second)).toHaveLength(1);
    expect(await seen(session, first)).toEqual([]);
    expect(await seen(session, second)).toEqual([]);
    expect(await answersTo(id)).toEqual([{ person_id: ANA.phone, value: { emoji: '❤️' } }]);
  });

  it('lets nothing count that is done with a message after it was deleted, but deleting it here', async () => {
    const session = await aSession();
    const id = await aPoll(session, 'POLL');
    const late = fromAna('LATE', writeReaction(target, '👍'));
    const own = { ...late, sender: account, fromMe: true };
    expect(await seen(session, { ...own, action: { kind: 'star', isStarred: true } })).toHaveLength(1);
    expect(await seen(session, { ...own, action: { kind: 'revoke' } })).toMatchObject([{ type: 'message.revoked' }]);
    expect(await seen(session, late)).toEqual([]);
    expect(await seen(session, { ...late, action: { kind: 'pin', seconds: 60 } })).toEqual([]);
    expect(await seen(session, { ...own, action: { kind: 'edit', text: 'other words', content: null } })).toEqual([]);
    expect(await answersTo(id)).toEqual([]);
    expect(await seen(session, { ...own, action: { kind: 'star', isStarred: false } })).toHaveLength(1);
    expect(await seen(session, { ...own, action: { kind: 'delete' } })).toMatchObject([{ type: 'message.deleted' }]);
    expect(await waiting(session)).toEqual([]);
  });

  it('applies what was done from here with a message that came later', async () => {
    const session = await aSession();
    const message = { id: newId('message'), messageId: 'OURS', chatId: ANA.phone, content: { emoji: '🎉' } };
    const reaction = { ...message, type: 'reaction', targetId: targetIdOf({ id: null, messageId: 'POLL' }) };
    const actions = app.get(IncomingActionsService);
    const taken = app.db.transaction((tx) => actions.taken(tx, [{ session, message: reaction, at: new Date() }]));
    expect(await taken).toEqual([]);
    const id = await aPoll(session, 'POLL');
    actions.onAddresses(session);
    await soon(async () => expect(await answersTo(id)).toEqual([{ person_id: account.waId, value: { emoji: '🎉' } }]));
  });

  it('lets nobody edit or delete what somebody else wrote', async () => {
    const session = await aSession();
    await app.db.transaction((tx) => app.get(IdentitiesService).learn(tx, [{ ...session, ...ANA }]));
    const id = await aPoll(session, 'POLL');
    const forged = fromAna('FORGED', writeReaction(target, 'x'));
    expect(await seen(session, { ...forged, action: { kind: 'revoke' } })).toEqual([]);
    expect(await seen(session, { ...forged, action: { kind: 'edit', text: 'lies', content: null } })).toEqual([]);
    const message = await app.db.getRepository(Message).findOneByOrFail({ id });
    expect(message).toMatchObject({ text: 'Lunch?', revokedAt: null, editedAt: null });
    expect(await waiting(session)).toEqual([]);
  });
});
