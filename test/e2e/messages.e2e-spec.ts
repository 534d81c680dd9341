import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';

interface MessageBody {
  id: string;
  messageId: string;
  type: string;
  text: string | null;
  content: object | null;
  context: object | null;
}

describe('messages of every kind', () => {
  const stack = useStack();

  it('sends a place as a reply, and reads the one that comes back', async () => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aPairedSession(stack.aPhone());
    const contact = await stack.simulator.aContact('reader');
    const question = await session.send<MessageBody>(contact.pn, 'where?', { wait: true });
    const order = { to: contact.pn, type: 'location', latitude: -6.5, longitude: 106.25, name: 'Monas' };
    const sent = await tenant.api.ok<MessageBody>(`POST ${session.path}/messages?wait=server_ack`, {
      ...order,
      replyTo: question.id,
    });
    expect(sent).toMatchObject({
      type: 'location',
      content: { latitude: -6.5, longitude: 106.25, name: 'Monas' },
      context: { quoted: { messageId: question.messageId, text: 'where?' } },
    });
    const [seen] = await eventually('the contact has it', async () => {
      const path = `GET /messages?account=${contact.pn}&full=true`;
      const { items } = await stack.simulator.api.ok<{ items: { id: string; message: object }[] }>(path);
      const found = items.filter(({ id }) => id === sent.messageId);
      return found.length > 0 && found;
    });
    expect(seen?.message).toMatchObject({
      locationMessage: {
        degreesLatitude: -6.5,
        degreesLongitude: 106.25,
        name: 'Monas',
        contextInfo: { stanzaId: question.messageId },
      },
    });
  });

  it('names the field that says which kind a message is', async () => {
    const tenant = await stack.gateway.aTenant();
    const session = await tenant.aSession();
    const answer = await tenant.api.call(`POST ${session.path}/messages`, { to: '6281300000001', type: 'dance' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer: '/type' }] } });
  });
});
