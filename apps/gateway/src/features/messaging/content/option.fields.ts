import { Flag, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';

/** As many as a group can have. */
const MAX_MENTIONS = 1024;
const MAX_AUDIENCE = 5000;

/** Who is mentioned in the words. */
export const Mentions = (): PropertyDecorator =>
  List({
    of: 'waId',
    max: MAX_MENTIONS,
    optional: true,
    description: 'Who is mentioned. The words should have `@` and their digits where the name is to stand.',
    example: ['6281234567890'],
  });

/** Whether everybody is mentioned. */
export const MentionAll = (): PropertyDecorator =>
  Flag({ optional: true, description: 'Mention everybody in the group.' });

/** Whether it can be seen once only. */
export const ViewOnce = (): PropertyDecorator =>
  Flag({ optional: true, description: 'Can be opened once; not together with `expirationSeconds`.' });

/** Who gets a status. */
export const Audience = (): PropertyDecorator =>
  List({
    of: 'waId',
    min: 1,
    max: MAX_AUDIENCE,
    optional: true,
    description: 'Of a status: who gets it. Without it, everybody this account has exchanged messages with.',
    example: ['6281234567890'],
  });

/** The album that a picture or video is a part of. */
export const AlbumOf = (): PropertyDecorator =>
  Text({
    optional: true,
    max: 100,
    description: 'The album that it is a part of, by our id of the message of the type `album` or by WhatsApp’s.',
    example: 'msg_01jd8x2m5fe0vvq7m0y8sw3c5d',
  });
