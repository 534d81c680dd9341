/* libsignal prints whole sessions, private ratchet keys included, through console; nothing else of ours uses it. */
const noisy = ['log', 'info', 'warn', 'error', 'debug'] as const;
const isLibsignal = /node_modules[\\/]libsignal[\\/]/;
const silenced = new WeakSet<object>();

/** Drops what libsignal writes to the console and leaves the console of everybody else alone. Idempotent. */
export function silenceLibsignal(): void {
  for (const method of noisy) {
    const original = Reflect.get(console, method) as (...args: unknown[]) => void;
    if (silenced.has(original)) continue;
    const quiet = (...args: unknown[]) => {
      const caller = new Error().stack?.split('\n')[2] ?? '';
      if (!isLibsignal.test(caller)) original.apply(console, args);
    };
    Reflect.set(console, method, quiet);
    silenced.add(quiet);
  }
}
