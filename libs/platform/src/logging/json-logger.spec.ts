import { JsonLogger } from './json-logger.js';
import { maskPhone, redactText } from './redaction.js';
import { extendContext, runInContext } from './request-context.js';

const capture = (isProduction = true) => {
  const lines: string[] = [];
  const logger = new JsonLogger({ logLevel: 'debug', isProduction }, { write: (line) => lines.push(line) });
  return { logger, lines, record: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
};

describe('JsonLogger', () => {
  it('writes JSON with the scope and the context of the request', () => {
    const { logger, record } = capture();
    runInContext({ requestId: 'r1' }, () => {
      extendContext({ tenantId: 'ten_1' });
      logger.log('it happened', { sessionId: 'ses_1' }, 'Sessions');
    });
    expect(record()).toMatchObject({
      level: 'info',
      msg: 'it happened',
      scope: 'Sessions',
      requestId: 'r1',
      tenantId: 'ten_1',
      sessionId: 'ses_1',
    });
  });

  it('keeps the contexts of concurrent work apart', async () => {
    const { logger, lines } = capture();
    const work = (requestId: string) =>
      runInContext({ requestId }, async () => {
        await Promise.resolve();
        logger.log('done', 'Work');
      });
    await Promise.all(['a', 'b'].map(work));
    expect(lines.map((line) => (JSON.parse(line) as { requestId: string }).requestId)).toEqual(['a', 'b']);
  });

  it('writes one readable line in development', () => {
    const { logger, lines } = capture(false);
    logger.warn('slow', { ms: 12 }, 'Jobs');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}\[Jobs\] slow ms=12\n$/);
  });

  it('writes no token, message text, password or full phone number', () => {
    const { logger, lines } = capture();
    const token = 'swb_abcdefghijklmnopqrstuvwxyz0123456789';
    logger.error(`refused ${token} of +6281234567890`, {
      headers: { authorization: `Bearer ${token}` },
      message: { text: 'see you at eight', to: '6281234567890@s.whatsapp.net' },
      database: 'postgres://app:hunter2@db:5432/x',
      err: new Error(`could not send to 6281234567890: Bearer ${token}`),
    });
    const line = lines[0] ?? '';
    for (const secret of [token, '6281234567890', 'see you', 'hunter2']) expect(line).not.toContain(secret);
    expect(line).toContain('*********7890@s.whatsapp.net');
  });

  it('keeps the stack and the cause of an error', () => {
    const { logger, record } = capture();
    logger.error(new Error('outer', { cause: new Error('inner') }));
    expect(record()).toMatchObject({ msg: 'outer', err: { message: 'outer', cause: { message: 'inner' } } });
  });

  it('survives circular objects', () => {
    const { logger, lines } = capture();
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    logger.log('loop', loop);
    expect(lines).toHaveLength(1);
  });
});

describe('redaction', () => {
  it('keeps the last four digits of a phone number', () => {
    expect(maskPhone('+62 812-3456-7890')).toBe('+** ***-****-7890');
  });

  it('leaves ids, times and small numbers alone', () => {
    const text = 'ses_01jd0000000000000000000000 took 1500 ms at 2026-11-21T10:00:00.000Z, port 54321';
    expect(redactText(text)).toBe(text);
  });
});
