import type { FastifyInstance } from 'fastify';

/**
 * One order to the control API: `POST /groups` with a body. Under `as` the answer is kept, and `{{name.path}}` in later
 * steps stands for a part of it: `{{team.jid}}`, `{{friends.items.0.pn}}`.
 */
export interface WorldStep {
  call: string;
  body?: object;
  as?: string;
}

/** A network to start with: what to order, one after the other. */
export type World = WorldStep[];

/** Who carries out orders: the control API, and how to know that an order has had its effect. */
export interface Builder {
  app: FastifyInstance;
  token: string;
  settled: () => Promise<void>;
}

/** Carries out a world, one step after the other; throws with the number of the first step that is refused. */
export async function buildWorld({ app, token, settled }: Builder, world: World): Promise<void> {
  const answers: Record<string, unknown> = {};
  for (const [index, step] of world.entries()) {
    const { call, body, as } = fillIn(step, answers);
    const [method = '', url = ''] = call.split(' ');
    const answer = await app.inject({
      method: method as 'POST',
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { payload: body }),
    });
    if (answer.statusCode >= 300) throw new Error(`step ${index + 1} of the world, ${call}: ${answer.body}`);
    if (as) answers[as] = answer.json();
    await settled();
  }
}

/** Replaces the references of a step by what earlier steps were answered. */
function fillIn(step: WorldStep, answers: Record<string, unknown>): WorldStep {
  const text = JSON.stringify(step).replaceAll(/\{\{([\w.]+)\}\}/g, (reference, path: string) => {
    const value = path.split('.').reduce<unknown>((found, key) => (found as Record<string, unknown>)?.[key], answers);
    if (typeof value !== 'string') throw new Error(`the world refers to ${reference}, which no step has answered`);
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(text) as WorldStep;
}
