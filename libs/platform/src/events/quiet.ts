/** Trait, beside those that destinations filter by, of an event that went to no destination when it happened. */
export const QUIET = 'quiet';
