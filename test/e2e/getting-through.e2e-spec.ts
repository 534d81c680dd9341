import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { useStack } from '@app/testing/use-stack.js';

interface MessageBody {
  id: string;
  messageId: string;
  status: string;
  errorCode: string | null;
  error: { code: string; detail: string } | null;
  timeline: { status: string; reason?: string }[];
}

describe('getting messages through', () => {
  const stack = useStack({ SEND_ACK_TIMEOUT_MS: '1000', SEND_RETRIES: '2' });

  const get = (session: GatewaySession, id: string) =>
    session.tenant.api.ok<MessageBody>(`GET ${session.path}/messages/${id}`);
  const becomes = (session: GatewaySession, id: string, status: string, timeoutMs?: number) =>
    eventually(
      `the message is ${status}`,
      async () => {
        const message = await get(session, id);
        return message.status === status && message;
      },
      timeoutMs,
    );
  const fault = (account: string, action: object, times?: number) =>
    stack.simulator.api.ok<{ id: string }>('POST /faults', {
      match: { account, tag: 'message', direction: 'in' },
      action,
      times,
    });
  const steps = ({ timeline }: MessageBody) =>
    timeline.map(({ status, reason }) => (reason ? `${status} (${reason})` : status));

  async function aLink(behaviour = 'silent') {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    return { tenant, phone, session, contact: await stack.simulator.aContact(behaviour) };
  }

  it('pain-04: sends a message whose ack got lost again under the same id, and the recipient sees one', async () => {
    const { phone, session } = await aLink();
    const contact = await stack.simulator.aContact('silent', { deliveryMs: 3000 });
    await fault(phone, { kind: 'noReply' }, 1);
    const { id, messageId } = await session.send(contact.pn, 'once is enough');
    const message = await becomes(session, id, 'delivered');
    expect(steps(message)).toEqual(['pending', 'sent', 'sent (no-ack)', 'server_ack', 'delivered']);
    expect(await stack.simulator.stats(contact.pn)).toMatchObject({ distinct: 1 });
    const seen = await stack.simulator.messages(contact.pn);
    expect(seen.filter(({ repeat }) => !repeat).map((shown) => shown.id)).toEqual([messageId]);
  });

  it('pain-04: gives up when WhatsApp never confirms, and says so', async () => {
    const { tenant, phone, session, contact } = await aLink();
    await fault(phone, { kind: 'drop' });
    const { id } = await session.send(contact.pn, 'into the void');
    const message = await becomes(session, id, 'failed');
    expect(message.error).toMatchObject({ code: 'message.no-ack' });
    expect(steps(message)).toEqual(['pending', 'sent', 'sent (no-ack)', 'sent (no-ack)', 'failed']);
    const [failed] = await tenant.events('message.failed');
    expect(failed?.data).toMatchObject({ id, errorCode: 'message.no-ack' });
    expect((await stack.simulator.stats(contact.pn)).received).toBe(0);
  });

  it('looks after messages whose ack never came before the gateway was killed', async () => {
    const { phone, session, contact } = await aLink();
    const { id: faultId } = await fault(phone, { kind: 'drop' });
    const { id } = await session.send(contact.pn, 'wait for me');
    await becomes(session, id, 'sent');
    await stack.gateway.kill();
    await stack.simulator.api.ok(`DELETE /faults/${faultId}`);
    await stack.gateway.start();
    const message = await becomes(session, id, 'delivered', 30_000);
    expect(steps(message)).toEqual(['pending', 'sent', 'sent (reconnected)', 'server_ack', 'delivered']);
    expect(await stack.simulator.stats(contact.pn)).toMatchObject({ distinct: 1 });
  });

  it.each([400, 405, 406, 479, 500, 503])('tells what to do about a refusal with %i', async (code) => {
    const { tenant, phone, session, contact } = await aLink();
    await fault(phone, { kind: 'nack', code }, 1);
    const { id } = await session.send(contact.pn, 'refused', { wait: true });
    const message = await get(session, id);
    expect(message).toMatchObject({ status: 'failed', errorCode: `message.refused-${code}` });
    expect(message.error?.detail).toMatch(/^[A-Z].*\.$/);
    expect(message.error?.detail).not.toContain('not known');
    const [failed] = await tenant.events('message.failed');
    expect(failed?.data).toMatchObject({ id, detail: message.error?.detail });
  });
});
