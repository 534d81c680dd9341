/** The last things of a kind, oldest first. Each keeps its number, counted from 0, also when older ones are gone. */
export class Ring<T> {
  private readonly slots: T[] = [];
  private added = 0;

  constructor(private readonly capacity: number) {}

  /** How many there have been. */
  get count(): number {
    return this.added;
  }

  add(item: T): void {
    this.slots[this.added++ % this.capacity] = item;
  }

  /** Those from a number on that are still kept, with their numbers. */
  *from(first: number): Generator<[number, T]> {
    for (let n = Math.max(first, this.added - this.capacity, 0); n < this.added; n++) {
      const item = this.slots[n % this.capacity];
      if (item !== undefined) yield [n, item];
    }
  }

  /** All that are still kept. */
  get items(): T[] {
    return [...this.from(0)].map(([, item]) => item);
  }
}
