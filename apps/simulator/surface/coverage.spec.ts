import { readFileSync, writeFileSync } from 'node:fs';
import type { WASocket } from '@whiskeysockets/baileys';
import { format, resolveConfig } from 'prettier';
import { eventNames } from '../test-kit/event-names.js';
import { useSimulator } from '../test-kit/use-simulator.js';
import type { Area, Exercise } from './area.js';
import { business } from './business.js';
import { communities } from './communities.js';
import { core } from './core.js';
import { disconnects } from './disconnects.js';
import { groups } from './groups.js';
import { media } from './media.js';
import { messages } from './messages.js';
import { newsletters } from './newsletters.js';
import { people } from './people.js';
import { phone } from './phone.js';

const areas: Area[] = [core, messages, media, people, phone, groups, communities, newsletters, business];
const document = 'docs/simulator-coverage.md';

const named = (part: 'functions' | 'events') => areas.flatMap((area) => Object.keys(area[part]));

describe('the areas together', () => {
  const world = useSimulator({ seed: 'coverage' });

  it('exercise every function of the socket', () => {
    const client = world.aClient().connect();
    expect(missing(Object.keys(client.socket), named('functions'))).toEqual([]);
  });

  it('name no function that the socket does not have', () => {
    const client = world.aClient().connect();
    expect(missing(named('functions'), Object.keys(client.socket))).toEqual([]);
  });

  it('see every event and invent none', () => {
    expect(missing(eventNames, named('events'))).toEqual([]);
    expect(missing(named('events'), eventNames)).toEqual([]);
  });

  it(`are listed in ${document}`, async () => {
    const client = world.aClient().connect();
    const text = await tidy(render(client.socket));
    // UPDATE_DOCS=1 writes the list anew.
    if (process.env.UPDATE_DOCS) writeFileSync(document, text);
    expect(readFileSync(document, 'utf8')).toBe(text);
  });
});

function missing(wanted: string[], found: string[]): string[] {
  const known = new Set(found);
  return [...new Set(wanted)].filter((name) => !known.has(name));
}

async function tidy(markdown: string): Promise<string> {
  return format(markdown, { ...(await resolveConfig(document)), parser: 'markdown' });
}

function render(socket: WASocket): string {
  const row = (part: 'functions' | 'events') => (name: string) => {
    const found = areas.flatMap(({ title, [part]: entries }) => {
      const exercise = (entries as Record<string, Exercise | undefined>)[name];
      if (!exercise) return [];
      return [typeof exercise === 'function' ? title : `${title}: not exercised. ${exercise.not}`];
    });
    return `| \`${name}\` | ${found.join('; ')} |`;
  };
  const endings = disconnects.map(({ trigger, statusCode }) => `| ${trigger} | ${statusCode ?? 'none'} |`);
  return [
    '# What of the client library is proved against the simulator',
    'Written by a test from the tables in `apps/simulator/surface`; do not edit it. Every line stands for a test that drives an',
    'unmodified client against the simulated network, or says why there is none.',
    '',
    '## Functions of the socket',
    '',
    '| function | proved in |',
    '| --- | --- |',
    ...Object.keys(socket).map(row('functions')),
    '',
    '## Events',
    '',
    '| event | proved in |',
    '| --- | --- |',
    ...eventNames.map(row('events')),
    '',
    '## Ends of a connection',
    '',
    '| what happens | status code the client reports |',
    '| --- | --- |',
    ...endings,
    '',
  ].join('\n');
}
