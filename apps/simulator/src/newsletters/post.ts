import type { Account } from '../world/account.js';

/** A message of a newsletter, with what its readers made of it. */
export class Post {
  editedAt: number | undefined;
  isDeleted = false;
  changedAt: number;
  /** Views of readers who are no accounts here. */
  crowdViews = 0;
  private readonly viewers = new Set<Account>();
  private readonly reactors = new Map<Account, string>();
  private readonly crowdReactions = new Map<string, number>();

  constructor(
    /** Counts up within the newsletter; readers refer to a post by it. */
    readonly serverId: number,
    readonly id: string,
    readonly author: Account,
    readonly type: string,
    /** The serialized message; newsletters are not encrypted. */
    public body: Buffer,
    readonly postedAt: number,
  ) {
    this.changedAt = postedAt;
  }

  get views(): number {
    return this.viewers.size + this.crowdViews;
  }

  /** How often each emoji was given. */
  get reactions(): Map<string, number> {
    const counts = new Map(this.crowdReactions);
    for (const emoji of this.reactors.values()) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
    return counts;
  }

  edit(body: Buffer, now: number): void {
    this.body = body;
    this.editedAt = this.changedAt = now;
  }

  remove(now: number): void {
    this.body = Buffer.alloc(0);
    this.isDeleted = true;
    this.changedAt = now;
  }

  seenBy(account: Account): void {
    this.viewers.add(account);
  }

  /** One reaction per reader; undefined takes it back. */
  reactedBy(account: Account, emoji: string | undefined): void {
    if (emoji === undefined) this.reactors.delete(account);
    else this.reactors.set(account, emoji);
  }

  reactedByCrowd(emoji: string, count: number): void {
    this.crowdReactions.set(emoji, (this.crowdReactions.get(emoji) ?? 0) + count);
  }
}
