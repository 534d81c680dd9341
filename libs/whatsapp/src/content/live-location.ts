import { numberOf, stated } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

export const liveLocation: ContentKind<'live-location'> = {
  type: 'live-location',
  fields: ['liveLocationMessage'],
  write: (content) => ({
    liveLocationMessage: {
      degreesLatitude: content.latitude,
      degreesLongitude: content.longitude,
      accuracyInMeters: content.accuracyMeters,
      speedInMps: content.speedMetersPerSecond,
      degreesClockwiseFromMagneticNorth: content.headingDegrees,
      caption: content.caption,
      sequenceNumber: content.sequence,
      timeOffset: content.elapsedSeconds,
    },
  }),
  read: ({ liveLocationMessage: place }) => ({
    type: 'live-location',
    latitude: place?.degreesLatitude ?? 0,
    longitude: place?.degreesLongitude ?? 0,
    ...stated({
      accuracyMeters: numberOf(place?.accuracyInMeters),
      speedMetersPerSecond: numberOf(place?.speedInMps),
      headingDegrees: numberOf(place?.degreesClockwiseFromMagneticNorth),
      caption: place?.caption,
      sequence: numberOf(place?.sequenceNumber),
      elapsedSeconds: numberOf(place?.timeOffset),
    }),
  }),
};
