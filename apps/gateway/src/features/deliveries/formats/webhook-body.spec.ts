import { createHmac, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WebhookBody } from './webhook-body.js';

const bodyOf = async (body: WebhookBody) => {
  const content = body.content();
  return typeof content === 'string' ? content : text(content);
};
/** In pieces of a size that three does not divide. */
const inPieces = (bytes: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
  );

describe('the body of a webhook', () => {
  it('is its text, signed by each key', async () => {
    const body = new WebhookBody('{"ü":1}');
    expect([body.sizeBytes, await bodyOf(body)]).toEqual([8, '{"ü":1}']);
    const signatures = await body.signedBy(['a', Buffer.from('b')], 'id.');
    expect(signatures).toEqual(['a', 'b'].map((key) => createHmac('sha256', key).update('id.{"ü":1}').digest()));
  });

  it.each([0, 1, 2, 3, 1000, 70_001])('brings a file of %s bytes as base64, however it is read', async (length) => {
    const bytes = randomBytes(length);
    const body = new WebhookBody(
      '{"ü":"PLACE","after":"ö"}',
      { sizeBytes: length, open: async () => Promise.resolve(inPieces(bytes, 1000)) },
      'PLACE',
    );
    const whole = `{"ü":"${bytes.toString('base64')}","after":"ö"}`;
    expect(await bodyOf(body)).toBe(whole);
    expect(body.sizeBytes).toBe(Buffer.byteLength(whole));
    expect(await body.signedBy(['key'])).toEqual([createHmac('sha256', 'key').update(whole).digest()]);
  });
});
