import type { Type } from '@nestjs/common';
import { Endpoint, type EndpointOptions } from '@app/platform/http/endpoint.decorator.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';

/** How everything that is done in a group can fail. */
export const inGroups = [
  ...needsWhatsApp,
  'group.not-found',
  'forbidden:group.not-a-member',
  'forbidden:group.not-admin',
  'forbidden:group.forbidden',
  'forbidden:whatsapp.restricted',
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
