/** A refusal with one of the service's numeric codes. */
export class IqError extends Error {
  constructor(
    readonly code: number,
    text: string,
  ) {
    super(text);
  }
}
