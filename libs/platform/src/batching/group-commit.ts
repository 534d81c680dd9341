interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Lets work that waits at the same moment share one database round trip: while a batch is being written the next one
 * gathers. First in, first out; `add` settles when its item is committed. A batch that fails is repeated item by item,
 * so that one bad item harms nobody else. With `isolate: false` it fails as a whole instead. `lingerMs` waits for company
 * before the first batch after a pause; `patienceMs` is how long a batch is repeated while the database is away.
 */
export class GroupCommit<T, R = void> {
  private waiting: Waiting<T, R>[] = [];
  private isRunning = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly commit: (items: T[]) => Promise<R[]>,
    private readonly options: { maxBatch?: number; isolate?: boolean; lingerMs?: number; patienceMs?: number } = {},
  ) {}

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.isRunning) return;
      this.isRunning = true;
      // Not at once: whatever else is ready in this turn of the event loop joins the first batch.
      if (this.options.lingerMs) setTimeout(() => void this.drain(), this.options.lingerMs);
      else setImmediate(() => void this.drain());
    });
  }

  /** Resolves when everything added so far is settled. */
  async settled(): Promise<void> {
    if (this.isRunning) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private async drain(): Promise<void> {
    while (this.waiting.length) await this.write(this.waiting.splice(0, this.options.maxBatch ?? 500));
    this.isRunning = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private async write(batch: Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.commitPatiently(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      if (batch.length === 1 || this.options.isolate === false) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const single of batch) await this.write([single]);
    }
  }

  private async commitPatiently(items: T[]): Promise<R[]> {
    const deadline = Date.now() + (this.options.patienceMs ?? 0);
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        return await this.commit(items);
      } catch (error) {
        if (!isPassing(error) || Date.now() + pauseMs > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }
}

/** Connection lost or refused, shutting down, deadlock, serialisation failure: the same statement may work next time. */
const isPassing = (error: unknown): boolean => {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    /^(08|57P0|40001|40P01|53300|ECONN|EPIPE|ETIMEDOUT)/.test(String(code)) ||
    /connection terminated|timeout exceeded|query read timeout/i.test(String(message))
  );
};
