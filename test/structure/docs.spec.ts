import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const files = [
  'README.md',
  'CHANGELOG.md',
  'libs/client/README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' }),
]
  .filter((file) => file.endsWith('.md'))
  .map((file) => (existsSync(file) ? file : join('docs', file)));
const read = (file: string) => readFileSync(file, 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

describe('the documentation', () => {
  it.each(files)('has no broken link in %s', (file) => {
    const links = all(read(file), /\]\((?!https?:|#)([^)#]+)/g);
    expect(links.filter((link) => !existsSync(join(dirname(file), link)))).toEqual([]);
  });

  it.each(files)('names only commands that exist in %s', (file) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = all(read(file), /npm run ([a-z][a-z:-]*)/g);
    expect(commands.filter((command) => !(command in scripts))).toEqual([]);
  });

  it('has no page that the README does not lead to', () => {
    const linked = all(read('README.md'), /\]\((docs\/[^)#]+)/g);
    const pages = readdirSync('docs').filter((file) => file.endsWith('.md'));
    expect(pages.filter((page) => !linked.includes(`docs/${page}`))).toEqual([]);
  });

  it('shows in the README what the sandbox prints', () => {
    const numbers: Record<string, string> = { owner: '12025550101', echo: '12025550102' };
    const steps = all(read('scripts/sandbox/welcome.mjs'), /^(\d\. .*)$/gm);
    const printed = steps.map((step) => step.replace(/\$\{people\.(\w+)\}/g, (_, name: string) => numbers[name]!));
    expect(printed.length).toBeGreaterThan(3);
    expect(all(read('README.md'), /^(\d\. .*)$/gm)).toEqual(printed);
  });

  it('explains every setting', () => {
    const documented = read('docs/configuration.md');
    const settings = all(read('.env.example'), /^([A-Z_]+)=/gm);
    expect(settings.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  });

  it('explains every error code that a route declares', () => {
    const documented = read('docs/errors.md');
    const controllers = readdirSync('apps/gateway/src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.controller.ts'))
      .map((file) => read(join('apps/gateway/src', file)));
    const declared = controllers.flatMap((text) => all(text, /fails: \[([^\]]*)\]/g));
    const codes = declared.flatMap((list) => all(list, /([a-z-]+\.[a-z-]+)'/g));
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !documented.includes(`\`${code}\``))).toEqual([]);
  });
});
