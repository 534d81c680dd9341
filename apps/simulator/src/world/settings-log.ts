import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** The five collections, in the order clients ask for them. */
export const collectionNames = [
  'critical_block',
  'critical_unblock_low',
  'regular_high',
  'regular_low',
  'regular',
] as const;

/** The name of a collection. */
export type CollectionName = (typeof collectionNames)[number];

/** Whether a client may keep settings under this name. */
export function isCollectionName(name: string): name is CollectionName {
  return collectionNames.some((known) => known === name);
}

const PATCHES_KEPT = 200;
const PATCHES_PER_ANSWER = 50;

/** What a client that has seen a version still needs. */
export interface MissingPatches {
  patches: Buffer[];
  /** There are more than one answer holds; the client asks again. */
  hasMore: boolean;
}

/** One collection: its newest patches, and the record every index stands at. */
class Collection {
  version = 0;
  readonly patches: Buffer[] = [];
  private readonly records = new Map<string, proto.ISyncdRecord>();
  private last: proto.SyncdPatch | undefined;

  append(bytes: Uint8Array): void {
    const patch = proto.SyncdPatch.decode(bytes);
    patch.version = { version: ++this.version };
    this.last = patch;
    for (const { operation, record } of patch.mutations) {
      const index = Buffer.from(record?.index?.blob ?? []).toString('base64');
      if (operation === proto.SyncdMutation.SyncdOperation.REMOVE) this.records.delete(index);
      else if (record) this.records.set(index, record);
    }
    this.patches.push(Buffer.from(proto.SyncdPatch.encode(patch).finish()));
    if (this.patches.length > PATCHES_KEPT) this.patches.shift();
  }

  since(version: number): Buffer[] {
    const behind = this.version - version;
    return behind > 0 ? this.patches.slice(-behind) : [];
  }

  snapshot(): Buffer {
    const { version, last } = this;
    const records = [...this.records.values()];
    const snapshot = { version: { version }, records, mac: last?.snapshotMac, keyId: last?.keyId };
    return Buffer.from(proto.SyncdSnapshot.encode(snapshot).finish());
  }
}

/**
 * The encrypted settings of an account: per collection a numbered list of patches that the server cannot read. Only the
 * newest patches are kept; who is further behind takes a snapshot, which can be put together without reading as well.
 */
export class SettingsLog {
  private readonly collections = new Map<CollectionName, Collection>();

  version(collection: CollectionName): number {
    return this.collections.get(collection)?.version ?? 0;
  }

  /** Whether the patches after a version are no longer kept. */
  isTooOld(collection: CollectionName, version: number): boolean {
    return this.version(collection) - version > PATCHES_KEPT;
  }

  /** The patches after a version, as many as one answer holds. */
  since(collection: CollectionName, version: number): MissingPatches {
    const missing = this.collections.get(collection)?.since(version) ?? [];
    return { patches: missing.slice(0, PATCHES_PER_ANSWER), hasMore: missing.length > PATCHES_PER_ANSWER };
  }

  /** Stores a patch under the next version, which the server writes into it. */
  append(collection: CollectionName, patch: Uint8Array): void {
    const entries = this.collections.get(collection) ?? new Collection();
    this.collections.set(collection, entries);
    entries.append(patch);
  }

  /** The whole collection at its newest version: a serialized `SyncdSnapshot`. */
  snapshot(collection: CollectionName): Buffer | undefined {
    return this.collections.get(collection)?.snapshot();
  }
}
