import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { FastifyInstance } from 'fastify';
import { STATUS } from '../messages/shared-chat.js';
import { Problem } from '../world/problem.js';
import { post } from './post.js';
import type { Stage } from './stage.js';

const { REVOKE } = proto.Message.ProtocolMessage.Type;

/** What people do with statuses they have posted. */
export function statusRoutes(app: FastifyInstance, stage: Stage): void {
  app.delete<{ Params: { pn: string; id: string } }>(
    '/accounts/:pn/statuses/:id',
    { schema: { summary: 'Take a status back', tags: ['statuses'] } },
    async ({ params: { pn, id } }, reply) => {
      const phone = stage.phone(pn);
      const destination = phone.outbox.destinationOf(id);
      if (destination?.kind !== 'status') throw new Problem(404, 'status.unknown', `${pn} has posted no status ${id}.`);
      const key = { remoteJid: STATUS, fromMe: true, id, participant: phone.account.jid('pn') };
      await post(phone, destination, { protocolMessage: { type: REVOKE, key } }, stage.current.seed.messageId(pn));
      return reply.status(204).send();
    },
  );
}
