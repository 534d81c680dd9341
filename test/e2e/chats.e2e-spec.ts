import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

interface ChatBody {
  chatId: string;
  kind: string;
  name: string | null;
  phone: string | null;
  lid: string | null;
  lastMessage: { text: string; fromMe: boolean } | null;
  unreadCount: number;
  isMarkedUnread: boolean;
  isArchived: boolean;
  isPinned: boolean;
  isMuted: boolean;
  mutedUntil: string | null;
  disappearingSeconds: number;
  isLocked: boolean;
}

describe('chats', () => {
  const stack = useStack();

  const aSession = async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    return { tenant, phone, session: await tenant.aPairedSession(phone) };
  };
  const chat = (session: GatewaySession, chatId: string) =>
    session.tenant.api.ok<ChatBody>(`GET ${session.path}/chats/${chatId}`);
  const list = async (session: GatewaySession, query = '') =>
    (
      await session.tenant.api.ok<{ items: ChatBody[]; nextCursor: string | null }>(
        `GET ${session.path}/chats?${query}`,
      )
    ).items;
  /** The chat once it is as expected. */
  const becomes = (session: GatewaySession, chatId: string, isSo: (chat: ChatBody) => boolean) =>
    eventually('the chat is as expected', async () => {
      const { status, body } = await session.tenant.api.call<ChatBody>(`GET ${session.path}/chats/${chatId}`);
      return status === 200 && isSo(body) && body;
    });

  it('are made by messages, counted, named, sorted, filtered and paged', async () => {
    const { phone, session } = await aSession();
    const [ana, ben] = [
      await stack.simulator.aContact('reader', { name: 'Ana' }),
      await stack.simulator.aContact('reader', { name: 'Ben' }),
    ];
    await stack.simulator.send(ana.pn, phone, { text: 'one' });
    await stack.simulator.send(ana.pn, phone, { text: 'two' });
    const first = await becomes(session, ana.pn, ({ unreadCount }) => unreadCount === 2);
    expect(first).toMatchObject({
      chatId: ana.pn,
      kind: 'person',
      name: 'Ana',
      phone: ana.pn,
      lid: `${ana.lid}@lid`,
      lastMessage: { text: 'two', fromMe: false },
    });
    await session.send(ben.pn, 'hello Ben', { wait: true });
    expect((await list(session)).map(({ chatId, unreadCount }) => [chatId, unreadCount])).toEqual([
      [ben.pn, 0],
      [ana.pn, 2],
    ]);
    expect((await list(session, 'isUnread=true')).map(({ chatId }) => chatId)).toEqual([ana.pn]);
    expect((await list(session, 'search=an')).map(({ chatId }) => chatId)).toEqual([ana.pn]);
    expect((await list(session, `search=${ben.pn.slice(2)}`)).map(({ chatId }) => chatId)).toEqual([ben.pn]);
    expect(await list(session, 'kind=group')).toEqual([]);
    expect(await list(session, 'hasMedia=true')).toEqual([]);
    const page = await session.tenant.api.ok<{ items: ChatBody[]; nextCursor: string }>(
      `GET ${session.path}/chats?limit=1`,
    );
    expect((await list(session, `limit=1&cursor=${page.nextCursor}`)).map(({ chatId }) => chatId)).toEqual([ana.pn]);
    expect(await chat(session, `${ana.lid}@lid`)).toMatchObject({ chatId: ana.pn });
  });
});
