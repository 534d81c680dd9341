import type { proto } from '@whiskeysockets/baileys';
import type { EventPlace } from '@app/platform/events/content-shapes.js';
import { secondsOf, stated, timeOf } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

export const event: ContentKind<'event'> = {
  type: 'event',
  fields: ['eventMessage'],
  write: ({ name, description, startsAt, endsAt, location, joinLink, ...flags }, { secret }) => ({
    eventMessage: {
      name,
      description,
      startTime: secondsOf(startsAt),
      endTime: endsAt === undefined ? undefined : secondsOf(endsAt),
      location: location && {
        name: location.name,
        address: location.address,
        degreesLatitude: location.latitude,
        degreesLongitude: location.longitude,
      },
      joinLink,
      isScheduleCall: flags.isCall ?? false,
      extraGuestsAllowed: flags.allowsExtraGuests ?? false,
      isCanceled: flags.isCanceled ?? false,
    },
    messageContextInfo: { messageSecret: secret },
  }),
  read: ({ eventMessage }) => {
    const body = eventMessage ?? {};
    return {
      type: 'event',
      name: body.name ?? '',
      startsAt: timeOf(body.startTime) ?? new Date(0).toISOString(),
      ...stated({
        description: body.description,
        endsAt: timeOf(body.endTime),
        location: body.location && placeOf(body.location),
        joinLink: body.joinLink,
        isCall: body.isScheduleCall || undefined,
        allowsExtraGuests: body.extraGuestsAllowed || undefined,
        isCanceled: body.isCanceled || undefined,
      }),
    };
  },
};

const placeOf = ({ name, address, ...place }: proto.Message.ILocationMessage): EventPlace =>
  stated({
    name: name,
    address: address,
    latitude: place.degreesLatitude,
    longitude: place.degreesLongitude,
  });
