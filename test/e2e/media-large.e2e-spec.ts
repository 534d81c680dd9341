import { createHash, randomBytes } from 'node:crypto';
import { eventually } from '@app/testing/eventually.js';
import { memoryOf, peakAnew } from '@app/testing/memory-of.js';
import { useStack } from '@app/testing/use-stack.js';

const SIZE = 100 * 1024 * 1024;
const MOST_MB = 150;

interface Seen {
  id: string;
  media?: { ok: boolean | null; sizeBytes: number; sha256: string };
}

describe('a document of 100 MB', () => {
  const stack = useStack();

  it('goes out and comes in with at most 150 MB more memory than an idle gateway has', async () => {
    const { gateway, simulator } = stack;
    const tenant = await gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    const contact = await simulator.aContact('reader');
    await session.send(contact.pn, 'warm', { wait: true });
    const idle = memoryOf(gateway, 'VmRSS');
    peakAnew(gateway);

    const content = randomBytes(SIZE);
    const form = new FormData();
    form.set('to', contact.pn);
    form.set('type', 'document');
    form.set('file', new Blob([content]), 'large.bin');
    const sent = await session.api.ok('POST /messages', form);
    const seen = await eventually(
      'the contact has it',
      async () => {
        const { items } = await simulator.api.ok<{ items: Seen[] }>(`GET /messages?account=${contact.pn}`);
        const found = items.find(({ id }) => id === sent.messageId)?.media;
        return found?.ok !== null && found;
      },
      60_000,
    );
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(seen).toMatchObject({ ok: true, sizeBytes: SIZE, sha256 });
    expect(memoryOf(gateway, 'VmHWM') - idle).toBeLessThan(MOST_MB);

    const order = { to: phone, kind: 'document', sizeBytes: SIZE, fileName: 'back.bin' };
    await simulator.api.ok(`POST /accounts/${contact.pn}/media`, order);
    const [event] = await eventually(
      'it is in the library',
      async () => {
        const events = await tenant.events('message.media');
        return events.length > 0 && events;
      },
      60_000,
    );
    expect(event?.data.media).toMatchObject({ status: 'stored', sizeBytes: SIZE });
    expect(memoryOf(gateway, 'VmHWM') - idle).toBeLessThan(MOST_MB);
  });
});
