/* libsignal prints whole sessions, private ratchet keys included, through console; nothing else of ours uses it. */
const noisy = ['log', 'info', 'warn', 'error', 'debug'] as const;
const isLibsignal = /node_modules[\\/]libsignal[\\/]/;

/** Drops what libsignal writes to the console and leaves the console of everybody else alone. Idempotent. */
export function silenceLibsignal(): void {
  for (const method of noisy) {
    // eslint-disable-next-line no-console
    const original = console[method] as ((...args: unknown[]) => void) & { isQuiet?: boolean };
    if (original.isQuiet) continue;
    const quiet = (...args: unknown[]) => {
      const caller = new Error().stack?.split('\n')[2] ?? '';
      if (!isLibsignal.test(caller)) original(...args);
    };
    // eslint-disable-next-line no-console
    console[method] = Object.assign(quiet, { isQuiet: true });
  }
}
