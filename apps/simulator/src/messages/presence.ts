import type { Group } from '../groups/group.js';
import type { Groups } from '../groups/groups.js';
import { familyOf } from '../wire/jid.js';
import type { Family } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';

/** Who is online, who is typing. Nothing here is kept for clients that are away. */
export class Presence {
  constructor(
    private readonly core: Core,
    private readonly groups: Groups,
  ) {}

  /** A client's `<presence>`: a subscription, or a change of its own visibility. */
  presence(from: Companion, node: Stanza): void {
    const { type, to, name } = node.attrs;
    if (type === 'subscribe') return this.subscribe(from, to);
    // The real service reads a presence without type as "available".
    from.notePresence(type ?? 'available', name);
    this.refresh(from.account);
  }

  /** Passes a typing notice on, from a client or from a contact played here. */
  chatState(from: Device, node: Stanza): void {
    const group = this.groups.find(node.attrs.to);
    if (group) return this.typingIn(group, from, node);
    const family = familyOf(node.attrs.to);
    const target = this.core.directory.findByJid(node.attrs.to);
    if (!family || !target || target.refuses(from.account)) return;
    const shown = stanza('chatstate', { from: from.account.jid(family) }, node.content);
    for (const device of target.devices.values()) device.push(shown);
  }

  private typingIn(group: Group, from: Device, { content }: Stanza): void {
    if (!group.isOpenTo(from.account)) return;
    const shown = stanza('chatstate', { from: group.jid, participant: group.jidOf(from.account) }, content);
    for (const account of group.members.keys())
      for (const device of account === from.account ? [] : account.devices.values()) device.push(shown);
  }

  /** Recomputes whether the account is visible as online and tells those who watch it. */
  refresh(account: Account): void {
    const companions = [...account.devices.values()].filter((device) => device instanceof Companion);
    this.show(
      account,
      companions.some(({ isAvailable }) => isAvailable),
    );
  }

  show(account: Account, isAvailable: boolean): void {
    if (account.isAvailable === isAvailable) return;
    account.isAvailable = isAvailable;
    if (!isAvailable) account.lastSeen = this.core.clock.seconds();
    for (const [device, family] of account.watchers)
      if (account.shows('online', device.account)) device.push(this.stateOf(account, family, device.account));
  }

  private subscribe(watcher: Companion, to: string | undefined): void {
    const family = familyOf(to);
    const target = this.core.directory.findByJid(to);
    if (!family || !target) return;
    target.watchers.set(watcher, family);
    watcher.watching.add(target);
    watcher.push(this.stateOf(target, family, watcher.account));
  }

  /** What somebody sees of another one: online, when last, or that they do not want it known. */
  private stateOf(account: Account, family: Family, viewer: Account): Stanza {
    const from = account.jid(family);
    if (account.isAvailable && account.shows('online', viewer)) return stanza('presence', { from });
    // Whoever hides it does not see it of others either.
    const isShown = account.shows('last', viewer) && viewer.privacy.get('last') !== 'none';
    const last = isShown ? (account.lastSeen ?? this.core.clock.seconds()) : 'deny';
    return stanza('presence', { from, type: 'unavailable', last });
  }
}
