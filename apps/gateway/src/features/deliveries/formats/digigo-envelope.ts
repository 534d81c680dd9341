import type { Told } from './event-format.js';

/** `{ type, event, userID, instanceName }` of DIGIGO, whose users are sessions. */
export const tell = ({ session, event }: Told, type: string, said: object) => ({
  type,
  event: said,
  userID: event.sessionId ?? event.tenantId,
  instanceName: session?.name ?? '',
});
