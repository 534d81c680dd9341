import type { Account } from '../world/account.js';
import type { Core } from '../world/core.js';

/** A link of a business by which people begin a chat, with a text to begin it with. */
export interface MessageLink {
  code: string;
  message?: string;
}

/** What short links lead to: contact codes, which everybody has, and message links of businesses. */
export class Links {
  private readonly codes = new Map<Account, string>();
  private readonly owners = new Map<string, Account>();
  private readonly messages = new Map<string, { account: Account; link: MessageLink }>();

  constructor(private readonly core: Core) {}

  /** The contact code of an account: the one it has, or a new one in its place. */
  codeOf(account: Account, isRevoked: boolean): string {
    const known = this.codes.get(account);
    if (known && !isRevoked) return known;
    if (known) this.owners.delete(known);
    const code = `QR${this.core.seed.opaqueId('contact code')}`;
    this.codes.set(account, code);
    this.owners.set(code, account);
    return code;
  }

  findContact(code: string): Account | undefined {
    return this.owners.get(code);
  }

  /** Replaces the message links of a business. */
  setMessages(account: Account, links: MessageLink[]): void {
    for (const [code, link] of this.messages) if (link.account === account) this.messages.delete(code);
    for (const link of links) this.messages.set(link.code, { account, link });
  }

  findMessage(code: string): { account: Account; link: MessageLink } | undefined {
    return this.messages.get(code);
  }

  messagesOf(account: Account): MessageLink[] {
    return [...this.messages.values()].filter((found) => found.account === account).map(({ link }) => link);
  }
}
