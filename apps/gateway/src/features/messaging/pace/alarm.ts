/** A sleep that can be ended early. */
export class Alarm {
  private wake: (() => void) | null = null;
  private hasRung = false;

  /** Ends the sleep, or the next one if nobody sleeps: whoever is about to has not heard of it. */
  ring(): void {
    if (this.wake) this.wake();
    else this.hasRung = true;
  }

  async sleep(ms: number): Promise<void> {
    if (!this.hasRung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.wake = null;
    this.hasRung = false;
  }
}
