import { merged } from './session-settings.service.js';

describe('settings of a session', () => {
  it('keep what a patch leaves out, and lose what it sets to null', () => {
    const settings = { pacing: { messagesPerMinute: 20, burst: 5 } };
    expect(merged(settings, {})).toEqual(settings);
    expect(merged(settings, { pacing: { burst: 2, jitterMs: 500 } })).toEqual({
      pacing: { messagesPerMinute: 20, burst: 2, jitterMs: 500 },
    });
    expect(merged(settings, { pacing: { burst: null } })).toEqual({ pacing: { messagesPerMinute: 20 } });
    expect(merged(settings, { pacing: { burst: null, messagesPerMinute: null } })).toEqual({});
    expect(merged(settings, { pacing: null })).toEqual({});
    expect(merged(settings, { skips: ['group', 'group'], globalSkips: [] })).toEqual({ ...settings, skips: ['group'] });
    expect(merged({ skips: ['group'], mediaDownload: [] }, { skips: null })).toEqual({ mediaDownload: [] });
    expect(merged({ skips: ['group'], mediaDownload: [] }, { skips: [], mediaDownload: null })).toEqual({});
  });
});
