import { Problem } from '../world/problem.js';

const MAX_FAULTS = 1_000;

/** A fault in force: how many matched, whether they were hit or not, and how many were hit. */
export type Rule<Order> = Order & { id: string; seen: number; hits: number };

/** The misfortunes of one kind in force. Those that have done all they were ordered to make room for new ones. */
export class FaultList<Order> {
  private rules: Rule<Order>[] = [];
  private issued = 0;

  constructor(
    private readonly name: string,
    private readonly isSpent: (rule: Rule<Order>) => boolean,
  ) {}

  get all(): readonly Rule<Order>[] {
    return this.rules;
  }

  add(order: Order): Rule<Order> {
    if (this.rules.length >= MAX_FAULTS) this.rules = this.rules.filter((rule) => !this.isSpent(rule));
    if (this.rules.length >= MAX_FAULTS)
      throw new Problem(409, 'fault.limit', `There are ${MAX_FAULTS} faults in force; remove some.`);
    const rule = { ...order, id: `${this.name}-${++this.issued}`, seen: 0, hits: 0 };
    this.rules.push(rule);
    return rule;
  }

  remove(id: string): boolean {
    const before = this.rules.length;
    this.rules = this.rules.filter((rule) => rule.id !== id);
    return this.rules.length < before;
  }

  clear(): number {
    return this.rules.splice(0).length;
  }
}
