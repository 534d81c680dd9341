import { Field } from '@app/platform/http/fields.js';

const MOST_SECONDS = 60;
const MOST_AUTOMATIC_SECONDS = 15;
/** A quick typist. */
const CHARACTERS_PER_SECOND = 12;

/** How long the chat sees somebody type, or record, before the message comes. */
export const Typing = (): PropertyDecorator =>
  Field(
    {
      oneOf: [
        { type: 'integer', minimum: 1, maximum: MOST_SECONDS },
        { type: 'string', enum: ['auto'] },
      ],
    },
    {
      check: (value) =>
        value === 'auto' || (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_SECONDS),
      message: `must be a whole number of seconds from 1 to ${MOST_SECONDS}, or "auto"`,
    },
    {
      optional: true,
      description: 'Seconds in which the chat sees somebody type (or record) first; `auto`: by the length of the text.',
    },
  );

/** As long as somebody would need for the text. */
export function typingSeconds(typing: number | 'auto' | undefined, text: string | null): number | undefined {
  if (typing !== 'auto') return typing;
  return Math.min(MOST_AUTOMATIC_SECONDS, Math.max(1, Math.ceil((text?.length ?? 0) / CHARACTERS_PER_SECOND)));
}
