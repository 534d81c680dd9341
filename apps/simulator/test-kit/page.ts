import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const REFUSED = /^(api .*?) +# ([45]\d\d) ([a-z.-]+)$/;
/** Tells the line of the page at which a command failed. */
const PROLOGUE = `set -Eeuo pipefail; trap 'echo "failed: line $LINENO, called in \${BASH_LINENO[*]}" >&2' ERR;`;

/** A page of the documentation whose examples can be run. */
export class Page {
  readonly text: string;

  constructor(readonly path: string) {
    this.text = readFileSync(path, 'utf8');
  }

  /** The blocks in one language. */
  blocks(language: string): string[] {
    return [...this.text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
      ([, block = '']) => block,
    );
  }

  /** `METHOD /path/:parameter` of every route it names. */
  get routes(): Set<string> {
    return new Set(
      [...this.text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`?\s]*)`/g)].map(([, route = '']) => route),
    );
  }

  /**
   * Runs its `sh` blocks, in an empty folder, as one script that ends at the first failure; what they print is the
   * answer. A command with a comment like `# 409 message.not-own` must be refused in this way.
   */
  async run(env: Record<string, string>, replace: (script: string) => string): Promise<string> {
    const cwd = mkdtempSync(join(tmpdir(), 'page-'));
    // eslint-disable-next-line no-restricted-syntax -- the commands of a page are found as in anybody's shell
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 };
    try {
      return (await promisify(execFile)('bash', ['--norc', '-c', replace(this.script())], options)).stdout;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${this.path}: ${stderr}\n${stdout.slice(-2_000)}`, { cause: error });
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  }

  /** Everything but the blocks becomes empty, so that lines keep their numbers. */
  private script(): string {
    let isInside = false;
    const lines = this.text.split('\n').map((line, index) => {
      if (index === 0) return PROLOGUE;
      if (!line.startsWith('```')) return isInside ? expectRefusal(line) : '';
      isInside = line === '```sh';
      return '';
    });
    return lines.join('\n');
  }
}

function expectRefusal(line: string): string {
  const [, command, status, code] = REFUSED.exec(line) ?? [];
  if (!command) return line;
  return `REFUSED=$(${command} || true); [[ $REFUSED = *'"status":${status},'* && $REFUSED = *'"code":"${code}"'* ]]`;
}
