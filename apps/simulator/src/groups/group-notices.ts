import { notice } from '../network/notice.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import type { Group } from './group.js';

/** Tells the clients of members what has happened in a group; clients that are away hear of it later. */
export class GroupNotices {
  constructor(private readonly core: Core) {}

  /** `change` is only put into words when somebody is there to hear it: most groups are full of people without clients. */
  tell(group: Group, by: Account, change: () => Stanza, audience: Iterable<Account> = group.members.keys()): void {
    let node: Stanza | undefined;
    for (const account of audience)
      for (const device of account.devices.values())
        if (device instanceof Companion) device.push((node ??= this.compose(group, by, change())));
  }

  private compose(group: Group, by: Account, change: Stanza): Stanza {
    const isLid = group.addressing === 'lid';
    const attrs = {
      from: group.jid,
      type: 'w:gp2',
      participant: group.jidOf(by),
      participant_pn: isLid ? by.shownNumber : undefined,
      participant_lid: isLid ? undefined : by.jid('lid'),
      addressing_mode: group.addressing,
      notify: by.name,
    };
    return notice(this.core, attrs, [change]);
  }
}
