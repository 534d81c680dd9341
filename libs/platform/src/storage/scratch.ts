import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { isAliveSql, ProcessPresence } from '../cluster/process-presence.js';
import { Config } from '../config/config.js';

/** Folders for work on files that are too large for memory. Each process has its own, named after it. */
@Injectable()
export class Scratch implements OnApplicationBootstrap {
  private readonly root: string;

  constructor(
    { dataDir }: Config,
    private readonly presence: ProcessPresence,
    private readonly database: DataSource,
  ) {
    this.root = join(dataDir, 'scratch');
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.presence.announce();
    await this.sweep();
  }

  /** Gives `work` an empty folder, which is gone when it ends, however it ends. */
  async use<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const own = join(this.root, this.presence.id);
    await mkdir(own, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(own, 'work-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Removes the folders of processes that are gone; returns how many. */
  async sweep(): Promise<number> {
    const names = await readdir(this.root).catch(() => []);
    if (!names.length) return 0;
    const dead = await this.database.query<{ name: string }[]>(
      `SELECT name FROM unnest($1::text[]) AS name WHERE NOT ${isAliveSql('name')}`,
      [names],
    );
    for (const { name } of dead) await rm(join(this.root, name), { recursive: true, force: true });
    return dead.length;
  }
}
