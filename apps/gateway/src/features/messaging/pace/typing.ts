const MOST_AUTOMATIC_SECONDS = 15;
/** A quick typist. */
const CHARACTERS_PER_SECOND = 12;

/** Seconds, as long as somebody would need for the text if that is wanted; undefined for none. */
export function typingSeconds(typing: number | 'auto' | undefined, text: string | null): number | undefined {
  if (typing !== 'auto') return typing || undefined;
  return Math.min(MOST_AUTOMATIC_SECONDS, Math.max(1, Math.ceil((text?.length ?? 0) / CHARACTERS_PER_SECOND)));
}
