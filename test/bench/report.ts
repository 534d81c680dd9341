import { cpus, loadavg, totalmem } from 'node:os';
import type { Figure, Round } from './figures/figure.js';
import { median } from './statistics.js';

/** A figure with what its rounds come down to. */
export interface Outcome {
  figure: Figure;
  bare: number | null;
  gateway: number;
  ratio: number | null;
  isMet: boolean;
}

export function outcomeOf(figure: Figure): Outcome {
  const { goal } = figure;
  const middle = (rounds: Round[]) => median(rounds.map(({ value }) => value));
  const bare = figure.bare.length ? middle(figure.bare) : null;
  const gateway = middle(figure.gateway);
  const ratio = bare === null ? null : gateway / bare;
  const judged = goal.of === 'ratio' ? (ratio ?? NaN) : gateway;
  const isMet = judged >= (goal.atLeast ?? -Infinity) && judged <= (goal.atMost ?? Infinity);
  return { figure, bare, gateway, ratio, isMet };
}

export function table(outcomes: Outcome[]): string {
  const head = ['figure', 'unit', 'goal', 'bare', 'measured', 'ratio', 'met'];
  const rows = outcomes.map(({ figure, bare, gateway, ratio, isMet }) => [
    figure.title,
    figure.unit,
    goalText(figure.goal),
    numberText(bare),
    numberText(gateway),
    numberText(ratio),
    isMet ? 'yes' : 'no',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** The facts beside the figures, one line each. */
export function notes(outcomes: Outcome[]): string[] {
  return outcomes.flatMap(({ figure: { name, bare, gateway } }) => {
    const facts = Object.keys(gateway[0] ?? {}).filter((fact) => fact !== 'value');
    const middle = (rounds: Round[], fact: string) =>
      rounds[0]?.[fact] === undefined ? null : median(rounds.map((round) => round[fact] ?? NaN));
    return facts.map(
      (fact) => `${name}.${fact}: bare ${numberText(middle(bare, fact))}, gateway ${numberText(middle(gateway, fact))}`,
    );
  });
}

export const machine = () => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryMb: Math.round(totalmem() / 1024 / 1024),
  node: process.version,
  platform: process.platform,
  loadAtStart: loadavg()[0],
});

function goalText({ of, atLeast, atMost }: Figure['goal']): string {
  const limit = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  return of === 'ratio' ? `${limit} ×` : limit;
}

function numberText(value: number | null): string {
  if (value === null) return '–';
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 2);
}
