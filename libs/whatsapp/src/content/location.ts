import type { ContentKind } from './content-kind.js';

export const location: ContentKind<'location'> = {
  type: 'location',
  fields: ['locationMessage'],
  write: ({ latitude, longitude, name, address }) => ({
    locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, name, address },
  }),
  read: ({ locationMessage: place }) => ({
    type: 'location',
    latitude: place?.degreesLatitude ?? 0,
    longitude: place?.degreesLongitude ?? 0,
    ...(place?.name && { name: place.name }),
    ...(place?.address && { address: place.address }),
  }),
};
