import type { Account } from '../world/account.js';
import { IqError } from '../world/refusal.js';
import { Post } from './post.js';

/** What somebody may do with a newsletter, in the service's words. */
export type Role = 'OWNER' | 'ADMIN' | 'SUBSCRIBER' | 'GUEST';

/** Which emojis readers may react with. */
export type ReactionCodes = 'ALL' | 'BASIC' | 'NONE';

/** What can be said about a newsletter by its admins; a picture of no bytes removes the present one. */
export interface NewsletterSettings {
  name?: string | undefined;
  description?: string | undefined;
  picture?: Buffer | undefined;
  reactionCodes?: ReactionCodes | undefined;
}

const MAX_NAME = 100;
const MAX_DESCRIPTION = 2048;
const KEPT_POSTS = 1000;
const basicEmojis = new Set(['👍', '❤️', '❤', '😂', '😮', '😢', '🙏']);

/** A newsletter: its settings, who runs it, who follows it, and its latest posts. */
export class Newsletter {
  name = '';
  description = '';
  nameId = '';
  descriptionId = '';
  reactionCodes: ReactionCodes = 'ALL';
  isDeleted = false;
  /** Followers who are no accounts here. */
  crowd = 0;
  readonly admins = new Set<Account>();
  /** Followers and whether they have muted it; those who run it follow it too. */
  readonly followers = new Map<Account, { isMuted: boolean }>();
  private readonly postsByServerId = new Map<number, Post>();
  private lastServerId = 99;

  constructor(
    readonly jid: string,
    readonly invite: string,
    public owner: Account,
    readonly createdAt: number,
  ) {
    this.followers.set(owner, { isMuted: false });
  }

  get followerCount(): number {
    return this.followers.size + this.crowd;
  }

  get nextServerId(): number {
    return this.lastServerId + 1;
  }

  /** The posts still kept, oldest first. */
  get posts(): Post[] {
    return [...this.postsByServerId.values()];
  }

  roleOf(account: Account): Role {
    if (account === this.owner) return 'OWNER';
    if (this.admins.has(account)) return 'ADMIN';
    return this.followers.has(account) ? 'SUBSCRIBER' : 'GUEST';
  }

  /** Refuses whoever does not run it. */
  mustBeRunBy(account: Account): void {
    const role = this.roleOf(account);
    if (role !== 'OWNER' && role !== 'ADMIN') throw new IqError(403, 'Forbidden: not an admin');
  }

  mustBeOwnedBy(account: Account): void {
    if (account !== this.owner) throw new IqError(403, 'Forbidden: not the owner');
  }

  /** The follower's own settings; refuses whoever does not follow. */
  followerOf(account: Account): { isMuted: boolean } {
    const follower = this.followers.get(account);
    if (!follower) throw new IqError(403, 'Forbidden: not following');
    return follower;
  }

  configure({ name, description, reactionCodes }: NewsletterSettings, changeId: string): void {
    if (name !== undefined && (name.length === 0 || name.length > MAX_NAME))
      throw new IqError(400, `Bad Request: a name has 1 to ${MAX_NAME} characters`);
    if (description !== undefined && description.length > MAX_DESCRIPTION)
      throw new IqError(400, `Bad Request: a description has at most ${MAX_DESCRIPTION} characters`);
    if (name !== undefined) [this.name, this.nameId] = [name, changeId];
    if (description !== undefined) [this.description, this.descriptionId] = [description, changeId];
    if (reactionCodes !== undefined) this.reactionCodes = reactionCodes;
  }

  add(id: string, author: Account, type: string, body: Buffer, now: number): Post {
    const post = new Post(++this.lastServerId, id, author, type, body, now);
    this.postsByServerId.set(post.serverId, post);
    this.postsByServerId.delete(post.serverId - KEPT_POSTS);
    return post;
  }

  /** Forgets everything but the address: what is left of a deleted newsletter. */
  empty(): void {
    this.postsByServerId.clear();
    this.followers.clear();
    this.admins.clear();
  }

  post(serverId: number): Post {
    const post = this.postsByServerId.get(serverId);
    if (!post || post.isDeleted) throw new IqError(404, 'Not Found: no such post');
    return post;
  }

  postWithId(id: string): Post {
    const post = this.posts.find((candidate) => candidate.id === id);
    if (!post || post.isDeleted) throw new IqError(404, 'Not Found: no such post');
    return post;
  }

  mustAllow(emoji: string): void {
    const isAllowed = this.reactionCodes === 'ALL' || (this.reactionCodes === 'BASIC' && basicEmojis.has(emoji));
    if (!isAllowed) throw new IqError(403, 'Forbidden: reaction not allowed');
  }
}
