import type { Type } from '@nestjs/common';
import { Endpoint, type EndpointOptions } from '@app/platform/http/endpoint.decorator.js';

/** How everything that needs WhatsApp can fail. */
export const needsWhatsApp = [
  'session.not-found',
  'session.not-connected',
  'timeout:session.no-answer',
  'timeout:whatsapp.no-answer',
  'unavailable:whatsapp.failed',
  'rate-limited:whatsapp.rate-limited',
];

/** How everything that is done in a group can fail. */
export const inGroups = [
  ...needsWhatsApp,
  'group.not-found',
  'forbidden:group.not-a-member',
  'forbidden:group.not-admin',
  'forbidden:group.forbidden',
  'rate-limited:group.too-many-reads',
  'group.refused',
  'group.conflict',
];

/** A route that does something in a group. */
export const GroupOrder = (
  summary: string,
  returns: Type<unknown> | null,
  { fails = [], ...more }: Partial<EndpointOptions> = {},
) => Endpoint({ summary, returns, fails: [...inGroups, ...fails], ...more });
