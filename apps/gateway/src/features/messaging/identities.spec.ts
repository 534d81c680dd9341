import { Message } from '@app/database/entities/message.entity.js';
import { newId } from '@app/platform/ids/id.js';
import { useFeature } from '@app/testing/use-feature.js';
import { IdentitiesService } from './identities.service.js';
import { MessagingModule } from './messaging.module.js';

const ANA = { phone: '6281111111111', lid: '111111111111111@lid' };

describe('IdentitiesService', () => {
  const app = useFeature(MessagingModule);

  async function aMessage(sessionId: string, tenantId: string, fields: Partial<Message>): Promise<string> {
    const id = newId('message');
    const said = { type: 'text', text: 'hi', status: 'delivered' as const, timestamp: new Date(), fromMe: false };
    const row = { id, tenantId, sessionId, messageId: id, chatId: ANA.lid, senderId: ANA.lid, ...said, ...fields };
    await app.db.getRepository(Message).insert(row);
    return id;
  }

  it('puts the number in the place of a LID, and remembers how WhatsApp calls the sender', async () => {
    const { tenantId } = await app.aUser();
    const sessionId = newId('session');
    const received = await aMessage(sessionId, tenantId, {});
    const sent = await aMessage(sessionId, tenantId, { fromMe: true, senderId: '6282222222222' });
    const identities = app.get(IdentitiesService);
    await app.db.transaction((tx) => identities.learn(tx, [{ tenantId, sessionId, ...ANA }]));
    const messages = app.db.getRepository(Message);
    expect(await messages.findOneByOrFail({ id: received })).toMatchObject({
      chatId: ANA.phone,
      senderId: ANA.phone,
      authorAddress: ANA.lid,
    });
    expect(await messages.findOneByOrFail({ id: sent })).toMatchObject({
      chatId: ANA.phone,
      senderId: '6282222222222',
      authorAddress: null,
    });
    expect(await identities.spellings(sessionId, ANA.phone)).toEqual([ANA.phone, ANA.lid]);
    expect(await identities.spellings(sessionId, ANA.lid)).toEqual([ANA.lid, ANA.phone]);
    expect(await identities.spellings(sessionId, '120363000000000001@g.us')).toEqual(['120363000000000001@g.us']);
  });
});
