import type { FastifyInstance } from 'fastify';
import { strictObject } from './schemas.js';
import type { Stage } from './stage.js';

const DAY_MS = 24 * 3600 * 1000;
const tags = ['clock'];
const body = strictObject({ advanceMs: { type: 'integer', minimum: 0, maximum: 366 * DAY_MS } }, ['advanceMs']);

/** The network's time. */
export function clockRoutes(app: FastifyInstance, stage: Stage): void {
  const shown = () => {
    const { clock } = stage.current;
    return { now: clock.iso(), isStopped: clock.isStopped, pending: clock.pending };
  };
  app.get(
    '/clock',
    { schema: { tags, summary: 'What time it is on the network, and how much is still to come' } },
    shown,
  );
  const summary =
    'Move the time forward; what becomes due on the way happens at once, in order; `remainingMs` is left when it was too much for one call';
  app.post<{ Body: { advanceMs: number } }>('/clock', { schema: { tags, summary, body } }, (request) => {
    const remainingMs = stage.current.clock.advance(request.body.advanceMs);
    return { ...shown(), remainingMs };
  });
}
