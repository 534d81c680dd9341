import { writeFile } from 'node:fs/promises';
import type { Group } from '../groups/group.js';
import type { Address, MediaStore } from '../media/media-store.js';
import { thumbnail } from '../media/samples/pictures.js';
import type { Newsletter } from '../newsletters/newsletter.js';
import type { Account } from '../world/account.js';
import { IqError } from '../world/refusal.js';
import type { Seed } from '../world/seed.js';

const PREVIEW_PIXELS = 96;

/** Who can have a picture. */
export type Portrayed = Account | Group | Newsletter;

/** A picture in both sizes, as everybody can download it. */
export interface Picture {
  id: string;
  image: Address;
  preview: Address;
}

/** The pictures of people, groups and newsletters. They are on the media server and stay there until they are replaced. */
export class Pictures {
  private readonly pictures = new WeakMap<Portrayed, Picture>();

  constructor(
    private readonly media: MediaStore,
    private readonly seed: Seed,
  ) {}

  find(owner: Portrayed): Picture | undefined {
    return this.pictures.get(owner);
  }

  /** Takes a new picture; refuses bytes that are none. */
  async set(owner: Portrayed, bytes: Buffer): Promise<Picture> {
    const small = await thumbnail(bytes, PREVIEW_PIXELS).catch(() => {
      throw new IqError(406, 'not-acceptable');
    });
    const [image, preview] = [await this.publish(bytes), await this.publish(small)];
    this.remove(owner);
    const picture = { id: this.seed.opaqueId('picture'), image, preview };
    this.pictures.set(owner, picture);
    return picture;
  }

  /** Takes the picture away; false when there was none. */
  remove(owner: Portrayed): boolean {
    const picture = this.pictures.get(owner);
    if (!picture) return false;
    this.media.expire(picture.image.directPath);
    this.media.expire(picture.preview.directPath);
    return this.pictures.delete(owner);
  }

  private async publish(bytes: Buffer): Promise<Address> {
    const draft = this.media.draft();
    await writeFile(draft, bytes);
    return this.media.place(draft, { type: 'picture', contentType: 'image/jpeg', isPermanent: true });
  }
}
