import { Message } from '@app/database/entities/message.entity.js';
import { newId } from '@app/platform/ids/id.js';
import { useFeature } from '@app/testing/use-feature.js';
import { type AddressedFilter, narrow } from './messages.search.js';
import { MessagingModule } from './messaging.module.js';

describe('searching messages', () => {
  const app = useFeature(MessagingModule);

  async function aMessage(sessionId: string, text: string, fields: Partial<Message> = {}): Promise<void> {
    await app.db.getRepository(Message).insert({
      id: newId('message'),
      tenantId: 'ten_1',
      sessionId,
      chatId: '6281234567890',
      messageId: newId('message'),
      senderId: '6281234567890',
      fromMe: false,
      type: 'text',
      text,
      status: 'delivered',
      timestamp: new Date(),
      ...fields,
    });
  }

  function search(sessionId: string, filter: AddressedFilter) {
    const query = app.db.getRepository(Message).createQueryBuilder('message').where({ sessionId });
    narrow(query, sessionId, filter);
    return query.orderBy('message.id');
  }

  const found = async (filter: AddressedFilter) => (await search('ses_a', filter).getMany()).map(({ text }) => text);

  it('finds words and beginnings of words, all of them, in the session alone', async () => {
    await aMessage('ses_a', 'The invoice for Monas is here');
    await aMessage('ses_a', 'Invoices come later', { fromMe: true, starredAt: new Date() });
    await aMessage('ses_b', 'The invoice of somebody else');
    expect(await found({ q: 'invoice' })).toEqual(['The invoice for Monas is here', 'Invoices come later']);
    expect(await found({ q: 'MON invo' })).toEqual(['The invoice for Monas is here']);
    expect(await found({ q: 'voice' })).toEqual([]);
    expect(await found({ q: "!! ' & | :* \\" })).toEqual([]);
    expect(await found({ q: 'invoice', fromMe: true, isStarred: true })).toEqual(['Invoices come later']);
  });

  it('reads the index of words, not the table', async () => {
    const filler = Array.from({ length: 3_000 }, (_, n) => ({
      id: newId('message'),
      tenantId: 'ten_1',
      sessionId: 'ses_7',
      chatId: '6281234567890',
      messageId: `M${n}`,
      senderId: '6281234567890',
      fromMe: false,
      type: 'text',
      text: `filler number ${n}`,
      status: 'delivered' as const,
      timestamp: new Date(),
    }));
    await app.db.getRepository(Message).insert(filler);
    await app.db.query('ANALYZE messages');
    const [sql, parameters] = search('ses_7', { q: 'number 1507' }).getQueryAndParameters();
    const plan = await app.db.query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`, parameters);
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('messages_words');
  });
});
