import { readFileSync } from 'node:fs';
import { loadConfig, variableDefaults } from '@app/platform/config/config.js';

const lines = readFileSync('.env.example', 'utf8').split('\n');
const settings = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split('='));

describe('.env.example', () => {
  it('has every variable with its default, and no other', () => {
    const spelled = variableDefaults().map(([name, value]) => [name, value === undefined ? '' : `${value as string}`]);
    expect(Object.fromEntries(settings)).toEqual(Object.fromEntries(spelled));
  });

  it('explains every variable', () => {
    const bare = lines.filter((line, i) => /^[A-Z]/.test(line) && !lines[i - 1]?.startsWith('# '));
    expect(bare).toEqual([]);
  });

  it('is a configuration that starts', () => {
    expect(loadConfig(Object.fromEntries(settings) as NodeJS.ProcessEnv)).toEqual(loadConfig({}));
  });
});
