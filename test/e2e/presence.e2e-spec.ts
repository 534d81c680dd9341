import { eventually } from '@app/testing/eventually.js';
import { useStack } from '@app/testing/use-stack.js';

interface AccountBody {
  everAvailable: boolean;
  presence: { type: string }[];
}

describe('presence', () => {
  const stack = useStack();

  it('is never available on the wire unless asked for: the phone keeps ringing', async () => {
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    const account = () => stack.simulator.api.ok<AccountBody>(`GET /accounts/${phone}`);
    // Credentials change: a login after pairing, a reconnect, pre-keys used up by new contacts.
    for (const text of ['one', 'two']) {
      const contact = await stack.simulator.aContact('echo');
      await session.send(contact.pn, text, { wait: true });
    }
    await stack.simulator.kick(phone, 515);
    await stack.simulator.connected(phone);
    await session.becomes('connected');
    await eventually('it said what it is', async () => (await account()).presence.length > 0);
    const { everAvailable, presence } = await account();
    expect(everAvailable).toBe(false);
    expect(new Set(presence.map(({ type }) => type))).toEqual(new Set(['unavailable']));
  });
});
