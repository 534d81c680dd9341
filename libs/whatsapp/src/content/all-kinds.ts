import type { proto } from '@whiskeysockets/baileys';
import { album } from './album.js';
import { contacts } from './contacts.js';
import type { ContentKind } from './content-kind.js';
import { event } from './event.js';
import { groupInvite, newsletterInvite } from './invites.js';
import { buttons } from './interactive/buttons.js';
import { carousel } from './interactive/carousel.js';
import { flow } from './interactive/flow.js';
import { list } from './interactive/list.js';
import { buttonReply, flowReply, listReply } from './interactive/replies.js';
import { liveLocation } from './live-location.js';
import { location } from './location.js';
import { mediaContentKinds } from './media/all-media.js';
import { order } from './order.js';
import { poll } from './poll.js';
import { product } from './product.js';
import { receivedKinds } from './received.js';
import { statusMention } from './status-mention.js';
import { text } from './text.js';

/** Every type of message that is read and written here; of kinds that share a field the first that accepts a message has it. */
export const contentKinds = [
  text,
  location,
  liveLocation,
  contacts,
  poll,
  event,
  product,
  order,
  newsletterInvite,
  groupInvite,
  album,
  statusMention,
  ...mediaContentKinds,
  list,
  buttons,
  carousel,
  flow,
  listReply,
  buttonReply,
  flowReply,
  ...receivedKinds,
] as const;

const all = contentKinds as unknown as readonly ContentKind[];
const byType = new Map<string, ContentKind>(all.map((kind) => [kind.type, kind]));
const byField = new Map<string, ContentKind[]>();
for (const kind of all) for (const field of kind.fields) byField.set(field, [...(byField.get(field) ?? []), kind]);

/** The kind of a type; undefined for what has none. */
export const kindOfType = (type: string): ContentKind | undefined => byType.get(type);

/** The kind that reads a message which has this field of the protobuf. */
export const kindOfField = (field: string, message: proto.IMessage): ContentKind | undefined =>
  byField.get(field)?.find((kind) => kind.accepts?.(message) ?? true);
