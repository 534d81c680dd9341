import type { MessageType } from '@app/platform/events/message-content.js';
import { orderStatuses, statusFonts } from '@app/platform/events/content-shapes.js';
import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];
type ReferenceObject = Extract<Schema, { $ref: string }>;
type SchemaObject = Exclude<Schema, { $ref: string }>;
type Fields = Record<string, Schema>;

const text: Schema = { type: 'string' };
const number: Schema = { type: 'number' };
const integer: Schema = { type: 'integer' };
const flag: Schema = { type: 'boolean' };
const time: Schema = { type: 'string', format: 'date-time' };
const free: Schema = { type: 'object', additionalProperties: true };
const words = (...names: string[]): Schema => ({ type: 'string', enum: names });
const list = (items: Schema): Schema => ({ type: 'array', items });
const ref = (name: string): ReferenceObject => ({ $ref: `#/components/schemas/${name}` });

/** An object whose fields are there always, and those that need not be. */
const object = (always: Fields, sometimes: Fields = {}): SchemaObject => ({
  type: 'object',
  required: Object.keys(always),
  properties: { ...always, ...sometimes },
});

const file = object(
  { id: { ...text, nullable: true }, status: words('waiting', 'stored', 'failed'), mimeType: text, sizeBytes: integer },
  { errorCode: text, fileName: text, width: integer, height: integer, seconds: number, isAnimated: flag },
);
const captioned = object({ media: ref('MessageFile') }, { caption: text });
const bare = object({ media: ref('MessageFile') });
const shown = { header: free, media: ref('MessageFile'), footer: text };

/** The fields of each type of message beside its `type`. */
const contents: Record<Exclude<MessageType, 'phone-number-request' | 'other'>, SchemaObject> = {
  text: object(
    { text },
    {
      linkPreview: object({ url: text }, { title: text, description: text }),
      backgroundColor: text,
      textColor: text,
      font: words(...statusFonts),
    },
  ),
  location: object({ latitude: number, longitude: number }, { name: text, address: text, url: text }),
  'live-location': object(
    { latitude: number, longitude: number },
    {
      accuracyMeters: number,
      speedMetersPerSecond: number,
      headingDegrees: number,
      caption: text,
      sequence: integer,
      elapsedSeconds: integer,
    },
  ),
  contacts: object({ contacts: list(object({ name: text, vcard: text, phones: list(text) })) }),
  poll: object({ question: text, options: list(text), maxAnswers: integer }),
  event: object(
    { name: text, startsAt: time },
    {
      description: text,
      endsAt: time,
      location: object({}, { name: text, address: text, latitude: number, longitude: number }),
      joinLink: text,
      isCall: flag,
      allowsExtraGuests: flag,
      isCanceled: flag,
    },
  ),
  product: object(
    { productId: text, title: text },
    {
      description: text,
      currency: text,
      price: number,
      salePrice: number,
      url: text,
      retailerId: text,
      businessId: text,
      body: text,
      footer: text,
    },
  ),
  order: object(
    { orderId: text },
    {
      title: text,
      itemCount: integer,
      status: words(...orderStatuses),
      message: text,
      sellerId: text,
      token: text,
      total: number,
      currency: text,
      items: list(object({ name: text, quantity: integer, price: number }, { currency: text, imageUrl: text })),
      notes: text,
    },
  ),
  'newsletter-invite': object(
    { newsletterId: text, name: text, role: words('admin', 'follower') },
    { caption: text, expiresAt: time },
  ),
  'group-invite': object({ groupId: text, name: text, code: text }, { caption: text, expiresAt: time }),
  album: object({ images: integer, videos: integer }),
  image: captioned,
  video: captioned,
  gif: captioned,
  'video-note': bare,
  audio: bare,
  voice: bare,
  sticker: bare,
  document: object({ media: ref('MessageFile') }, { caption: text, pageCount: integer }),
  list: object({ style: text, text, buttonText: text, sections: list(free) }, { title: text, footer: text }),
  buttons: object({ style: text, text, buttons: list(free) }, shown),
  flow: object(
    { text, version: integer, buttons: list(object({ name: text, params: free })) },
    { ...shown, params: free },
  ),
  carousel: object({ text, cards: list(object({ text, buttons: list(free) }, shown)) }, { footer: text }),
  'list-reply': object({ id: text, text }, { description: text }),
  'button-reply': object({ id: text, text }),
  'flow-reply': object({ name: text, text, params: free }),
  'status-mention': object({ statusMessageId: text }),
  'call-log': object({ isVideo: flag, outcome: text }, { durationSeconds: integer }),
  'scheduled-call': object({ startsAt: time, isVideo: flag }, { title: text }),
  payment: object(
    { kind: words('sent', 'requested', 'declined', 'cancelled', 'invited', 'invoice') },
    { amount: number, currency: text, note: text },
  ),
  'sticker-pack': object({ name: text }, { publisher: text, caption: text }),
  'poll-results': object({ question: text, options: list(object({ name: text, votes: integer })) }),
};

/** `live-location` → `LiveLocationContent`. */
const nameOf = (type: string): string =>
  `${type.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}Content`;

/** One named schema for the content of each type of message. */
export const contentSchemas: Record<string, SchemaObject> = {
  MessageFile: file,
  ...Object.fromEntries(Object.entries(contents).map(([type, schema]) => [nameOf(type), schema])),
};

/** What `content` of a message may be. */
export const contentRefs = Object.keys(contents).map((type) => ref(nameOf(type)));
