import { Integer } from '@app/platform/http/fields.js';

export class CardQuery {
  @Integer({ optional: true, max: 9, description: 'Of a carousel: the file of which card, from 0.' }) card?: number;
}
