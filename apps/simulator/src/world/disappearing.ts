const DAY = 86_400;

/** How long messages may be kept, in seconds: for ever, a day, a week, ninety days. */
export const disappearingLifetimes: ReadonlySet<number> = new Set([0, DAY, 7 * DAY, 90 * DAY]);
