import { adviceOn, refusalCode } from './message-errors.js';

describe('codes of failed messages', () => {
  it.each(['400', '405', '406', '463', '475', '479', '500', '503'])(
    'says what to do about a refusal with %s',
    (code) => {
      expect(adviceOn(refusalCode(code))).not.toBe(adviceOn(refusalCode('999')));
    },
  );

  it('names the code that it does not know', () => {
    expect(adviceOn('message.refused-777')).toContain('777');
    expect(adviceOn('message.no-ack')).toContain('confirmed');
  });
});
