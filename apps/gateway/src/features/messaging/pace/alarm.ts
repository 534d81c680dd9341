/** A sleep that can be ended early. */
export class Alarm {
  private wake: (() => void) | null = null;

  /** Ends the sleep, if somebody sleeps. */
  ring(): void {
    this.wake?.();
  }

  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}
