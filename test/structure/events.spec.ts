import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes } from '@app/platform/events/event-map.js';

describe('the catalogue of events', () => {
  const sources = readdirSync('apps/gateway/src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join('apps/gateway/src', file), 'utf8'))
    .join('\n');
  const page = readFileSync('docs/event-types.md', 'utf8');

  it.each(eventTypes)('has %s, which somebody emits', (type) => {
    expect(sources).toMatch(new RegExp(`(type: |\\? |: |return )'${type.replace('.', '\\.')}'`));
  });

  it.each(eventTypes)('says on its page what %s is', (type) => {
    expect(page).toContain(`\`${type}\``);
  });
});
