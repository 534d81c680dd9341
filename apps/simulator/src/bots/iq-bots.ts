import type { IqRouter } from '../routes/iq-router.js';
import { stanza } from '../wire/stanza.js';
import type { Bots } from './bots.js';

/** The list of bots a client can offer. */
export function routeBots(router: IqRouter, bots: Bots): void {
  router.on('get bot bot', () => {
    const entries = bots.all.map(({ jid, personaId }) => stanza('bot', { jid, persona_id: personaId }));
    return [stanza('bot', { v: 2 }, [stanza('section', { name: 'All', type: 'all' }, entries)])];
  });
}
