/** A map that forgets what it has known longest when it would hold more than it may. */
export class BoundedMap<K, V> extends Map<K, V> {
  /** `onForgotten` hears of what had to go. */
  constructor(
    private readonly capacity: number,
    private readonly onForgotten: (value: V) => void = () => undefined,
  ) {
    super();
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    const eldest = this.size > this.capacity ? this.keys().next() : undefined;
    if (eldest && !eldest.done) this.forget(eldest.value);
    return this;
  }

  private forget(key: K): void {
    const value = this.get(key);
    this.delete(key);
    if (value !== undefined) this.onForgotten(value);
  }
}
