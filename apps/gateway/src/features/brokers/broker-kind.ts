import type { Type } from '@nestjs/common';
import type { BrokerKind } from '@app/database/entities/destination.entity.js';
import type { BrokerSettings } from '@app/database/broker-settings.js';
import type { BrokerDto } from './brokers.dto.js';

/** What differs between the kinds of brokers, as far as the API goes. */
export interface BrokerRules<K extends BrokerKind = BrokerKind> {
  kind: K;
  /** What is asked for. */
  input: Type<BrokerInput>;
  output: Type<BrokerDto>;
  /** Of what is left out. */
  defaults: BrokerSettings[K] | ((given: { url: string }) => BrokerSettings[K]);
  /** What is wrong with fields that are fine by themselves; throws `invalid`. */
  assertConsistent?(settings: BrokerSettings[K], given: { url: string; credentials: Record<string, string> }): void;
}

/** A destination of one of the kinds as it came in, whole. */
export interface BrokerInput {
  kind: string;
  url: string;
  settings?: object;
  credentials?: object | null;
  tls?: TlsInput | null;
}

export interface TlsInput {
  ca?: string;
  certificate?: string;
  key?: string;
}

/** How the input of a broker can be wrong. */
export const badBroker = [
  'invalid:outbound.refused',
  'invalid:destination.invalid-settings',
  'invalid:destination.secret-missing',
  'invalid:destination.unknown-type',
  'invalid:destination.unknown-session',
];
