import { Boom } from '@hapi/boom';
import { asAppError } from './failure.js';

describe('refusals of WhatsApp', () => {
  it.each([
    [new Boom('item-not-found', { data: 404 }), 'not-found', 'whatsapp.not-found'],
    [new Boom('not-authorized', { data: 401 }), 'forbidden', 'whatsapp.forbidden'],
    [new Boom('rate-overlimit', { data: 429 }), 'rate-limited', 'whatsapp.rate-limited'],
    [new Boom('restricted', { data: 463 }), 'forbidden', 'whatsapp.restricted'],
    [new Boom('Connection Closed', { statusCode: 428 }), 'unavailable', 'session.not-connected'],
    [new Boom('conflict', { data: 409 }), 'unavailable', 'whatsapp.failed'],
    [new TypeError('Cannot read properties of undefined'), 'timeout', 'whatsapp.no-answer'],
  ])('are told by their code: %s', (refusal, kind, code) => {
    expect(asAppError(refusal)).toMatchObject({ kind, code });
  });
});
