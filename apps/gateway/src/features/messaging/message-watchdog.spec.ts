import { unansweredResends } from './message-watchdog.service.js';

describe('the watchdog', () => {
  it('counts what was sent again for want of an ack since the message was last put in line', () => {
    const at = '2030-01-01T00:00:00Z';
    const [pending, sent] = [{ status: 'pending', at } as const, { status: 'sent', at } as const];
    const again = { ...sent, reason: 'no-ack' } as const;
    expect(unansweredResends([pending, sent])).toBe(0);
    expect(unansweredResends([pending, sent, { ...sent, reason: 'reconnected' }, again, again])).toBe(2);
    expect(unansweredResends([pending, sent, again, { status: 'failed', at }, pending, sent])).toBe(0);
  });
});
