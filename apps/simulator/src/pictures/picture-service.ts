import type { Groups } from '../groups/groups.js';
import { Group } from '../groups/group.js';
import { demandEditor } from '../groups/rights.js';
import { notice } from '../network/notice.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Account, Device } from '../world/account.js';
import { Companion } from '../world/companion.js';
import type { Core } from '../world/core.js';
import { IqError } from '../world/refusal.js';
import type { Picture, Pictures } from './pictures.js';

/** Whose pictures clients ask for by address. */
export type Sitter = Account | Group;

/** Shows pictures to those who may see them, changes them for those who may, and tells those whom it concerns. */
export class PictureService {
  constructor(
    private readonly core: Core,
    private readonly groups: Groups,
    readonly pictures: Pictures,
  ) {}

  /** The picture behind an address, as somebody sees it. */
  show(viewer: Account, target: string | undefined): Picture {
    const owner = this.ownerOf(target) ?? (target === undefined ? viewer : undefined);
    if (owner && !isShown(owner, viewer)) throw new IqError(401, 'not-authorized');
    const picture = owner && this.pictures.find(owner);
    if (!picture) throw new IqError(404, 'item-not-found');
    return picture;
  }

  /** That somebody has a picture, as far as somebody else may know. */
  mention(owner: Account, viewer: Account): Stanza | undefined {
    const picture = isShown(owner, viewer) ? this.pictures.find(owner) : undefined;
    return picture && stanza('picture', { id: picture.id });
  }

  /** Whose picture somebody may change: the own one, and that of a group where this is allowed. */
  editable(by: Account, target: string | undefined): Sitter {
    const owner = target === undefined ? by : this.ownerOf(target);
    if (!owner) throw new IqError(404, 'item-not-found');
    this.demandRight(owner, by);
    return owner;
  }

  /** Refuses who may not change this picture. */
  demandRight(owner: Sitter, by: Account): void {
    if (owner instanceof Group) demandEditor(owner, by);
    else if (owner !== by) throw new IqError(403, 'forbidden');
  }

  /** Gives somebody or a group another picture. `origin` is the client that did it: it need not be told. */
  async change(owner: Sitter, by: Account, bytes: Buffer, origin?: Device): Promise<Picture> {
    const picture = await this.pictures.set(owner, bytes);
    this.tell(owner, by, origin, (author) => stanza('set', { id: picture.id, author }));
    return picture;
  }

  /** Takes a picture away; that there was none is not worth telling. */
  remove(owner: Sitter, by: Account, origin?: Device): boolean {
    const wasThere = this.pictures.remove(owner);
    if (wasThere) this.tell(owner, by, origin, (author) => stanza('delete', { author }));
    return wasThere;
  }

  private ownerOf(target: string | undefined): Sitter | undefined {
    return this.groups.find(target) ?? this.core.directory.findByJid(target);
  }

  private tell(owner: Sitter, by: Account, origin: Device | undefined, change: (author: string) => Stanza): void {
    for (const [device, from, author] of audienceOf(owner, by))
      if (device !== origin && device instanceof Companion)
        device.push(notice(this.core, { from, type: 'picture' }, [change(author)]));
  }
}

/** People choose who sees them, groups show themselves to members. */
function isShown(owner: Sitter, viewer: Account): boolean {
  return owner instanceof Group ? owner.members.has(viewer) : owner.shows('profile', viewer);
}

/** Who hears of a change, and under which addresses: all members; or own devices and those who know the person. */
function* audienceOf(owner: Sitter, by: Account): Generator<[Device, string, string]> {
  if (owner instanceof Group) {
    for (const { devices } of owner.members.keys())
      for (const device of devices.values()) yield [device, owner.jid, owner.jidOf(by)];
    return;
  }
  const own = [...owner.devices.values()].map((device) => [device, 'pn'] as const);
  for (const [device, family] of new Map([...owner.followers, ...owner.watchers, ...own]))
    if (isShown(owner, device.account)) yield [device, owner.jid(family), owner.jid(family)];
}
