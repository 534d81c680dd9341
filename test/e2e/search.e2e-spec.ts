import type { InputOf } from '@app/testing/api-route.js';
import { useStack } from '@app/testing/use-stack.js';

type Query = InputOf<'GET /v1/sessions/{sessionId}/messages'>;

describe('search', () => {
  const stack = useStack();

  it('finds words by chat, direction and star, page by page, and nothing of other tenants', async () => {
    const [tenant, other] = [await stack.gateway.aTenant(), await stack.gateway.aTenant()];
    const session = await tenant.aPairedSession(stack.aPhone());
    const [ana, bob] = [await stack.simulator.aContact('echo'), await stack.simulator.aContact('reader')];
    for (const text of ['invoice one', 'invoice two', 'greetings']) await session.send(bob.pn, text, { wait: true });
    await session.send(ana.pn, 'invoice three', { wait: true });
    const search = (query: Query) => session.api.ok('GET /messages', query);
    const textsOf = async (query: Query) => (await search(query)).items.map(({ text }) => text);

    expect(await textsOf({ q: 'invo', fromMe: true })).toEqual(['invoice three', 'invoice two', 'invoice one']);
    expect(await textsOf({ q: 'invoice', chatId: bob.pn })).toEqual(['invoice two', 'invoice one']);
    expect(await textsOf({ q: 'two invoice' })).toEqual(['invoice two']);
    expect(await textsOf({ q: 'nothing' })).toEqual([]);
    expect(await textsOf({ fromMe: true, hasMedia: true })).toEqual([]);
    expect(await textsOf({ fromMe: true, type: ['text'], to: '2020-01-01T00:00:00Z' })).toEqual([]);

    const first = await search({ q: 'invoice', fromMe: true, limit: 2 });
    expect(first.items.map(({ text }) => text)).toEqual(['invoice three', 'invoice two']);
    expect(await textsOf({ q: 'invoice', fromMe: true, limit: 2, cursor: first.nextCursor! })).toEqual(['invoice one']);

    await session.api.ok(`PUT /messages/${first.items[1]!.id}/star`);
    expect(await textsOf({ isStarred: true })).toEqual(['invoice two']);
    expect(await other.api.call(`GET ${session.path}/messages?q=invoice`)).toMatchObject({ status: 404 });
    expect(await tenant.api.call(`GET ${session.path}/messages?q=`)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', errors: [{ pointer: '/q' }] },
    });
  });
});
