import { ruleFor } from './rules.js';

describe('the rules of a replier', () => {
  it('are tried in order, whatever the case of the letters', () => {
    const rules = [
      { match: '^price', text: 'ten' },
      { match: 'p', text: 'what?' },
    ];
    expect(ruleFor(rules, 'Price, please')?.text).toBe('ten');
    expect(ruleFor(rules, 'help')?.text).toBe('what?');
    expect(ruleFor(rules, 'thanks')).toBeUndefined();
  });

  it('hold nobody up: one that takes too long is given up, the others still work', () => {
    const rules = [
      { match: '^(a+)+$', text: 'never' },
      { match: '(x|x)*y', text: 'never either' },
      { match: '!', text: 'yes' },
    ];
    const started = performance.now();
    for (const letter of ['a', 'x', 'a', 'x']) expect(ruleFor(rules, `${letter.repeat(60)}!`)?.text).toBe('yes');
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
