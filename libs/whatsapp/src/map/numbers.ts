interface LongNumber {
  toString(): string;
}

/** A number of the protobuf, 64 bits or not; undefined when it is not there or zero. */
export const numberOf = (value: number | LongNumber | null | undefined): number | undefined =>
  Number(value ?? 0) || undefined;

/** A Unix time in seconds as RFC 3339; undefined when it is not there. */
export function timeOf(seconds: number | LongNumber | null | undefined): string | undefined {
  const number = numberOf(seconds);
  // A stranger may write any number; Date knows 8.64e12 seconds.
  return number !== undefined && Math.abs(number) < 8e12 ? new Date(number * 1000).toISOString() : undefined;
}

/** RFC 3339 as a Unix time in whole seconds. */
export const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000);

/** Money on the wire is in thousandths. */
export const moneyOf = (amount1000: number | LongNumber | null | undefined): number | undefined => {
  const amount = numberOf(amount1000);
  return amount === undefined ? undefined : amount / 1000;
};

export const thousandths = (amount: number): number => Math.round(amount * 1000);

/** The object without fields that say nothing. */
export function stated<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], null> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], null> };
}
