import type { Union } from '@app/platform/http/union-body.js';
import type { BrokerKind } from '@app/database/entities/destination.entity.js';
import type { BrokerInput, BrokerRules } from './broker-kind.js';
import { kafka } from './kinds/kafka.dto.js';
import { nats } from './kinds/nats.dto.js';
import { rabbitmq } from './kinds/rabbitmq.dto.js';
import { redis } from './kinds/redis.dto.js';
import { sqs } from './kinds/sqs.dto.js';

const all = { rabbitmq, sqs, redis, nats, kafka } satisfies { [K in BrokerKind]: BrokerRules<K> };

export const rulesOf = (kind: BrokerKind): BrokerRules => all[kind];

/** The body of a creation, by its `kind`. */
export const brokerUnion: Union<BrokerInput> = {
  field: 'kind',
  classes: Object.fromEntries(Object.values(all).map(({ kind, input }) => [kind, input])),
};
