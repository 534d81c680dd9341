import { createHash } from 'node:crypto';

/** Who may see something, by what the owner chose for it. */
export type Audience = 'all' | 'contacts' | 'contact_blacklist' | 'none' | 'match_last_seen' | 'known';

const graded: Audience[] = ['all', 'contacts', 'contact_blacklist', 'none'];

/** What can be chosen for each category. */
const choices = new Map(
  Object.entries<Audience[]>({
    last: graded,
    online: ['all', 'match_last_seen'],
    profile: graded,
    status: graded,
    readreceipts: ['all', 'none'],
    groupadd: graded,
    calladd: ['all', 'known'],
    messages: ['all', 'contacts'],
  }),
);

/** The names of everything that has a privacy setting. */
export const privacyCategories = [...choices.keys()];

/** A person's privacy settings; exceptions are kept per category and count when its value is `contact_blacklist`. */
export class Privacy {
  private readonly values = new Map<string, Audience>(privacyCategories.map((name) => [name, 'all']));
  private readonly exceptions = new Map<string, Set<string>>();

  /** Every category with its value. */
  entries(): [string, Audience][] {
    return [...this.values];
  }

  get(category: string): Audience {
    return this.values.get(category) ?? 'all';
  }

  /** Whether a category and this value of it exist. */
  knows(category: string, value: string): boolean {
    return choices.get(category)?.some((known) => known === value) ?? false;
  }

  /** Changes a setting; false when the category or the value does not exist. */
  set(category: string, value: string): boolean {
    const choice = choices.get(category)?.find((known) => known === value);
    if (choice) this.values.set(category, choice);
    return choice !== undefined;
  }

  /** The opaque ids of those who are excepted. */
  exceptionsOf(category: string): string[] {
    return [...(this.exceptions.get(category) ?? [])];
  }

  /** The state of a list of exceptions: a change must name the one it is based on. */
  exceptionsHash(category: string): string {
    return createHash('sha256').update(this.exceptionsOf(category).sort().join()).digest('base64').slice(0, 12);
  }

  /** Excepts somebody, or no longer. */
  except(category: string, lid: string, isExcepted: boolean): void {
    const list = this.exceptions.get(category) ?? new Set();
    this.exceptions.set(category, list);
    if (isExcepted) list.add(lid);
    else list.delete(lid);
  }

  /** Whether somebody may see what the category is about. */
  allows(category: string, viewer: { lid: string; isContact: boolean }): boolean {
    const audience = this.get(category);
    if (audience === 'match_last_seen') return this.allows('last', viewer);
    if (audience === 'all' || audience === 'none') return audience === 'all';
    const isExcepted = audience === 'contact_blacklist' && this.exceptions.get(category)?.has(viewer.lid);
    return viewer.isContact && !isExcepted;
  }
}
