import { proto } from '@whiskeysockets/baileys/WAProto/index.js';

/** The encrypted settings of an account: per collection a numbered list of patches that the server cannot read. */
export class SettingsLog {
  private readonly collections = new Map<string, Buffer[]>();

  version(collection: string): number {
    return this.collections.get(collection)?.length ?? 0;
  }

  /** The patches after a version. */
  since(collection: string, version: number): Buffer[] {
    return this.collections.get(collection)?.slice(version) ?? [];
  }

  /** Stores a patch under the next version, which the server writes into it. */
  append(collection: string, patch: Uint8Array): void {
    const patches = this.collections.get(collection) ?? [];
    this.collections.set(collection, patches);
    const decoded = proto.SyncdPatch.decode(patch);
    decoded.version = { version: patches.length + 1 };
    patches.push(Buffer.from(proto.SyncdPatch.encode(decoded).finish()));
  }
}
