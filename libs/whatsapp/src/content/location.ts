import { stated } from '../map/numbers.js';
import type { ContentKind } from './content-kind.js';

export const location: ContentKind<'location'> = {
  type: 'location',
  fields: ['locationMessage'],
  write: ({ latitude, longitude, name, address, url }) => ({
    locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, name, address, url },
  }),
  read: ({ locationMessage: place }) => ({
    type: 'location',
    latitude: place?.degreesLatitude ?? 0,
    longitude: place?.degreesLongitude ?? 0,
    ...stated({
      name: place?.name,
      address: place?.address,
      url: place?.url,
    }),
  }),
};
