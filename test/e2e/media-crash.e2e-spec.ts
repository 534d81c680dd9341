import { setTimeout as delay } from 'node:timers/promises';
import type { MessageFile } from '@app/platform/events/media-content.js';
import { eventually } from '@app/testing/eventually.js';
import type { GatewaySession } from '@app/testing/gateway-process.js';
import { mediaLeft } from '@app/testing/media-library.js';
import { sampleFiles } from '@app/testing/sample-files.js';
import { useStack } from '@app/testing/use-stack.js';

const KILLS = 4;
const OUTBOUND = 20;
const INBOUND = 50;

interface Seen {
  id: string;
  repeat: boolean;
  media?: { ok: boolean | null; sizeBytes: number };
}

describe('kill -9 while files come and go', () => {
  const stack = useStack();

  it(`loses and doubles nothing over ${KILLS} kills, and leaves no file behind`, async () => {
    const { api } = stack.simulator;
    const tenant = await stack.gateway.aTenant();
    const phone = stack.aPhone();
    const session = await tenant.aPairedSession(phone);
    const [reader, writer] = [await stack.simulator.aContact('reader'), await stack.simulator.aContact('silent')];
    // Slow enough for kills to fall into transfers.
    await api.ok('POST /media/faults', { match: {}, action: { kind: 'slow', bytesPerSec: 4_000 } });

    const crashes = crash();
    const inbound = (async () => {
      for (let n = 0; n < INBOUND; n++) {
        const order = { to: phone, kind: 'document', fileName: `${n}.bin`, sizeBytes: 1_000 + n };
        await api.ok(`POST /accounts/${writer.pn}/media`, order);
        await delay(40);
      }
    })();
    const accepted = new Set<string>();
    const outbound = (async () => {
      for (let n = 0; n < OUTBOUND; n++) accepted.add(await sendUntilAccepted(session, reader.pn, n));
    })();
    await Promise.all([crashes, inbound, outbound]);
    await api.ok('DELETE /media/faults');

    const events = await eventually(
      'every file that came in is in the library',
      async () => {
        const told = await tenant.events('message.media');
        return told.length >= INBOUND && told;
      },
      60_000,
    );
    const stored = events.map(({ data }) => data.media as MessageFile);
    expect(stored.map(({ status }) => status)).toEqual(Array.from({ length: INBOUND }, () => 'stored'));
    expect(new Set(events.map(({ data }) => data.messageId)).size).toBe(INBOUND);
    expect(stored.map(({ sizeBytes }) => sizeBytes).sort()).toEqual(
      Array.from({ length: INBOUND }, (_, n) => 1_000 + n),
    );

    expect(accepted.size).toBe(OUTBOUND);
    const seen = await eventually(
      'every file that was accepted is with its recipient',
      async () => {
        const { items } = await api.ok<{ items: Seen[] }>(`GET /messages?account=${reader.pn}`);
        const shown = items.filter(({ repeat, media }) => !repeat && media?.ok !== null);
        return shown.length >= OUTBOUND && shown;
      },
      60_000,
    );
    expect(new Set(seen.map(({ id }) => id))).toEqual(accepted);
    expect(seen).toHaveLength(OUTBOUND);
    expect(seen.every(({ media }) => media?.ok)).toBe(true);

    const left = await eventually('what crashes left half-done is swept', async () => {
      const now = await mediaLeft(stack.gateway);
      return now.scratch.length === 0 && now.rows.every(({ status }) => status === 'ready') && now;
    });
    expect(left.files).toEqual([...new Set(left.rows.map(({ key }) => key))].sort());
    expect(left.rows).toHaveLength(OUTBOUND + INBOUND);
  });

  async function crash(): Promise<void> {
    for (let kill = 0; kill < KILLS; kill++) {
      await delay(500 + 150 * kill);
      await stack.gateway.kill();
      await stack.gateway.start();
    }
  }

  /** WhatsApp's id of the message. */
  async function sendUntilAccepted(session: GatewaySession, to: string, n: number): Promise<string> {
    const data = (await sampleFiles.jpg(10 + 12 * n)).toString('base64');
    const headers = { 'Idempotency-Key': `file-${n}` };
    return eventually(
      `file ${n} is accepted`,
      async () => {
        const order = { to, type: 'image' as const, data };
        const message = await session.api.ok('POST /messages', order, headers).catch(() => null);
        return message?.messageId;
      },
      60_000,
    );
  }
});
