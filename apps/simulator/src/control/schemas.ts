import { disappearingLifetimes } from '../world/disappearing.js';

/** A JSON schema for an object that refuses unknown fields. */
export function strictObject(properties: Record<string, object>, required: string[] = []) {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A phone number: digits with country code. */
export const pnSchema = { type: 'string', pattern: '^[1-9][0-9]{5,17}$' };

/** The number of a person, or the address of any chat. */
export const chatSchema = { type: 'string', pattern: '^([1-9][0-9]{5,17}|[0-9-]+@[a-z.]+)$' };

/** The id of a message, a label or anything else that is chosen freely. */
export const idSchema = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };

/** A text that is not empty. */
export const line = { type: 'string', minLength: 1 };

/** Yes or no. */
export const flag = { type: 'boolean' };

/** A text that may be empty. */
export const text = { type: 'string' };

/** Which of the two addresses of a person is used: the number, or the opaque id. */
export const familySchema = { enum: ['pn', 'lid'] };

/** The address of a group or community. */
export const groupSchema = { type: 'string', pattern: '^[0-9-]+@g\\.us$' };

/** Seconds: a span, or since 1970. */
export const seconds = { type: 'integer', minimum: 0 };

/** How long messages are kept in a chat, as clients offer it; 0: for ever. */
export const disappearingSchema = { enum: [...disappearingLifetimes] };

/** The number of a device, counted from 1; the phone itself is 0. */
export const deviceSchema = { type: 'integer', minimum: 1 };

/** Exactly one of several objects; which one is told by the field `by`. */
export function oneOfKind(by: string, oneOf: object[]) {
  return { type: 'object', required: [by], discriminator: { propertyName: by }, oneOf };
}

/** Where something can be sent: a phone number, the address of a group, or the status. */
export const recipientSchema = {
  type: 'string',
  pattern: '^([1-9][0-9]{5,17}|[0-9-]+@g\\.us|status|status@broadcast)$',
};

/** Where people talk to each other: a phone number, or the address of a group. */
export const talkSchema = { type: 'string', pattern: '^([1-9][0-9]{5,17}|[0-9-]+@g\\.us)$' };

/** Bytes of a file. */
export const base64 = { type: 'string', minLength: 1, pattern: '^[A-Za-z0-9+/]+={0,2}$' };
