/** Names marked as templates may have `{tenantId}`, `{sessionId}` and `{type}` in them. */
export interface RabbitmqSettings {
  /** Empty: the default exchange, which leads to the queue of that name. */
  exchange: string;
  exchangeType: 'topic' | 'direct' | 'fanout' | 'headers';
  exchangeArguments: Record<string, unknown>;
  /** Template. */
  routingKey: string;
  /** Template; null: no queue is declared. */
  queue: string | null;
  queueType: 'classic' | 'quorum' | 'stream';
  queueArguments: Record<string, unknown>;
  /** Template; null: the routing key. */
  bindingKey: string | null;
  bindingArguments: Record<string, unknown>;
  isDurable: boolean;
  isPersistent: boolean;
  /** Whether exchange, queue and binding are made when they are missing. */
  isDeclared: boolean;
  /** Whether an event that no queue takes is a failure. */
  isMandatory: boolean;
  messageTtlMs: number | null;
  maxLength: number | null;
  maxLengthBytes: number | null;
  deadLetterExchange: string | null;
  deadLetterRoutingKey: string | null;
}

export interface SqsSettings {
  region: string;
}

export interface RedisSettings {
  mode: 'stream' | 'channel';
  /** Template. */
  key: string;
  /** About so many entries are kept in the stream; null: all. */
  maxLength: number | null;
}

export interface NatsSettings {
  /** Template. */
  subject: string;
  /** Null: whichever takes the subject. */
  stream: string | null;
  /** Whether the stream is made when it is missing. */
  isDeclared: boolean;
  maxAgeSeconds: number | null;
  maxLength: number | null;
}

export interface KafkaSettings {
  /** Template. */
  topic: string;
  /** Whether the broker may make the topic when it is missing. */
  isDeclared: boolean;
  /** Whether repeats inside the client are dropped by the broker, which must know how and allow it. */
  isIdempotent: boolean;
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
}

/** What is stored of a destination that is a broker, by its kind. */
export interface BrokerSettings {
  rabbitmq: RabbitmqSettings;
  sqs: SqsSettings;
  redis: RedisSettings;
  nats: NatsSettings;
  kafka: KafkaSettings;
}
