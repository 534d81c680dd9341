import { reactionTo, retryDelayMs, type CloseReason } from './close-reason.js';

const close = (code: number | null, extra: Partial<CloseReason> = {}): CloseReason => ({
  code,
  conflict: null,
  expireSeconds: null,
  isPairingExpired: false,
  ...extra,
});

describe('the table of close codes', () => {
  it('restarts at once after 515', () => expect(reactionTo(close(515), 0)).toEqual({ kind: 'restart' }));

  it.each([503, 428, 408, 463, 501, 999])('retries after %i', (code) =>
    expect(reactionTo(close(code), 0)).toMatchObject({ kind: 'retry' }),
  );

  it('stops and forgets the login when the device was removed', () => {
    const loggedOut = { kind: 'stop', status: 'logged_out', wipe: true };
    expect(reactionTo(close(401), 0)).toMatchObject(loggedOut);
    expect(reactionTo(close(440, { conflict: 'device_removed' }), 0)).toMatchObject(loggedOut);
  });

  it('never fights a replacement', () =>
    expect(reactionTo(close(440, { conflict: 'replaced' }), 0)).toEqual({
      kind: 'stop',
      status: 'disconnected',
      reason: 'replaced',
      wipe: false,
    }));

  it.each([
    [403, 'banned'],
    [405, 'failed'],
    [411, 'failed'],
  ])('stops after %i and keeps the login', (code, status) =>
    expect(reactionTo(close(code), 0)).toMatchObject({ kind: 'stop', status, wipe: false }),
  );

  it('honours the end of a temporary ban', () =>
    expect(reactionTo(close(402, { expireSeconds: 3600 }), 0)).toMatchObject({ minDelayMs: 3_600_000 }));

  it('gives up on a session that stays bad', () => {
    expect(reactionTo(close(500), 4)).toMatchObject({ kind: 'retry' });
    expect(reactionTo(close(500), 5)).toMatchObject({ kind: 'stop', status: 'failed' });
  });

  it('says that pairing expired when the QR codes ran out', () =>
    expect(reactionTo(close(408, { isPairingExpired: true }), 0)).toMatchObject({ reason: 'pairing_expired' }));
});

it('spreads retries over a growing window that ends at five minutes', () => {
  expect(retryDelayMs(0, 0, 0.999)).toBeLessThanOrEqual(1_000);
  expect(retryDelayMs(3, 0, 0.5)).toBe(2_000);
  expect(retryDelayMs(50, 0, 0.999)).toBeLessThanOrEqual(300_000);
  expect(retryDelayMs(0, 60_000, 0)).toBe(60_000);
});
