import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { mediaTypes, type MediaType } from '../events/media-content.js';
import { KeyRing } from '../secrets/key-ring.js';
import { isSecretVariable, Pattern, Switch, UrlOf, Variable, WholeNumber, Word, Words } from './variable.decorators.js';

export const roles = ['api', 'sessions', 'jobs'] as const;
export type Role = (typeof roles)[number];
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const PRODUCTION_SOCKET_URL = 'wss://web.whatsapp.com/ws/chat';

/** A wrong setting: one line for whoever starts the process, naming the variable and what it may be. */
export class ConfigError extends Error {}

/** Everything that can be set. A property `fooBar` is the environment variable `FOO_BAR`; values here are the defaults. */
export class Config {
  @Word(['development', 'test', 'production']) nodeEnv: 'development' | 'test' | 'production' = 'development';
  @Pattern(/^\S+$/, 'a host name or an IP address') host: string = '127.0.0.1';
  @WholeNumber(0, 65_535) port: number = 3000;
  @Words(roles) roles: Role[] = ['api', 'sessions', 'jobs'];

  /** Unset: an embedded PostgreSQL under DATA_DIR; whoever starts it puts its URL here. */
  @UrlOf('postgres:', 'postgresql:') databaseUrl?: string = undefined;
  @WholeNumber(2, 1000) databasePoolSize: number = 20;
  /** Unset: queues live in PostgreSQL. */
  @UrlOf('redis:', 'rediss:') redisUrl?: string = undefined;
  @Pattern(/^\S.*$/, 'a folder') dataDir: string = '.data';

  /** Unset outside production: generated once and kept in DATA_DIR (see generated-secrets.ts). */
  @Pattern(/^\S+$/, 'a text without spaces', true) adminToken?: string = undefined;
  @Variable({ parse: keyRingSpec, allowed: 'id:base64 of 32 bytes, several separated by commas', isSecret: true })
  encryptionKeys?: string = undefined;
  @Variable({ parse: hostList, allowed: 'a comma list of CIDRs, IP addresses and host names' })
  outboundAllow: string[] = [];

  @WholeNumber(1, 36_500) eventRetentionDays: number = 30;
  /** At the same moment, over SSE and WebSocket together, per process. */
  @WholeNumber(1, 100_000) eventStreamsPerTenant: number = 50;
  /** Whether each event is held against its schema before it is recorded. */
  @Switch() eventsValidate: boolean = false;
  /** A replay of more deliveries must be confirmed, and is worked in the background. */
  @WholeNumber(1, 10_000) replayConfirmAbove: number = 1000;
  @WholeNumber(1, 10_000_000) replayMost: number = 100_000;
  /** Where clients reach this installation, for links in answers and events; unset: they start with a slash. */
  @UrlOf('http:', 'https:') publicUrl?: string = undefined;
  /** Largest file that is taken, whatever way it comes. */
  @WholeNumber(1024, 2_147_483_647) mediaMaxBytes: number = 104_857_600;
  /** Base64 is a third longer than the file, and is held in memory. */
  @WholeNumber(1024, 268_435_456) mediaJsonMaxBytes: number = 16_777_216;
  /** After its last use. */
  @WholeNumber(1, 36_500) mediaRetentionDays: number = 30;
  /** Unset: the one on PATH, else the one that npm brought. */
  @Pattern(/^\S.*$/, 'a program') ffmpegPath?: string = undefined;
  @WholeNumber(1, 3600) mediaTranscodeSeconds: number = 300;
  @WholeNumber(60, 31_536_000) mediaLinkSeconds: number = 86_400;

  /** Unset: media lies on disk, under DATA_DIR. */
  @Pattern(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket') mediaS3Bucket?: string = undefined;
  @UrlOf('http:', 'https:') mediaS3Endpoint?: string = undefined;
  @Pattern(/^[a-z0-9-]+$/, 'a region') mediaS3Region: string = 'us-east-1';
  /** Unset: where Amazon's own tools look for them. */
  @Pattern(/^\S+$/, 'a text without spaces', true) mediaS3AccessKey?: string = undefined;
  @Pattern(/^\S+$/, 'a text without spaces', true) mediaS3SecretKey?: string = undefined;
  @Pattern(/^[\w./-]+$/, 'a path') mediaS3Prefix?: string = undefined;
  @Switch() mediaS3PathStyle: boolean = false;

  /** Files of which messages are downloaded as they come in; others when somebody asks for them. */
  @Words([...mediaTypes, 'none']) mediaDownload: (MediaType | 'none')[] = [...mediaTypes];
  @Word(logLevels) logLevel: (typeof logLevels)[number] = 'info';
  @WholeNumber(1024, 1_073_741_824) maxBodyBytes: number = 1_048_576;
  /** Per token; 0 switches the limit off. */
  @WholeNumber(0, 1_000_000_000) rateLimitPerMinute: number = 6000;
  @WholeNumber(100, 300_000) webhookTimeoutMs: number = 15_000;
  @WholeNumber(0, 104_857_600) webhookMediaMaxBytes: number = 16_777_216;
  @WholeNumber(0, 600_000) shutdownTimeoutMs: number = 10_000;
  @WholeNumber(500, 600_000) leaseMs: number = 15_000;
  @WholeNumber(500, 600_000) sendAckTimeoutMs: number = 30_000;
  /** How often a message is sent again when WhatsApp does not confirm it in that time. */
  @WholeNumber(0, 100) sendRetries: number = 3;

  /** Of phone numbers that are not known yet, per session: WhatsApp bans accounts that ask too often. */
  @WholeNumber(1, 10_000) numberChecksPerMinute: number = 30;
  /** Whether phones share everything they remember when they are linked; a session may say otherwise. */
  @Switch() syncFullHistory: boolean = false;

  /** For the answer to whatever is asked of WhatsApp. */
  @WholeNumber(500, 55_000) waAnswerTimeoutMs: number = 30_000;
  @UrlOf('ws:', 'wss:') waSocketUrl: string = PRODUCTION_SOCKET_URL;
  /** Noise root key to trust instead of WhatsApp's own, in hex. */
  @Pattern(/^[0-9a-f]{64}$/i, '32 bytes in hex') waRootKey?: string = undefined;
  @Pattern(/^[^\s/:]+:\d{1,5}$/, 'host:port') waMediaHost?: string = undefined;
  @Variable({ parse: (raw) => (existsSync(raw) ? raw : undefined), allowed: 'a PEM file that exists' })
  waTlsCa?: string = undefined;
  /** WhatsApp Web version to present; unset: the library's. */
  @Variable({ parse: dottedVersion, allowed: 'a version such as 2.3000.1027934701' })
  waVersion?: [number, number, number] = undefined;

  get isProduction(): boolean {
    return this.nodeEnv === 'production';
  }
}

/** `fooBar` → `FOO_BAR`. */
export const variableName = (property: string) => property.replace(/[A-Z]/g, '_$&').toUpperCase();

/** Every variable name with its default, in the order of `Config`. */
export const variableDefaults = () =>
  Object.entries(new Config()).map(([property, value]) => [variableName(property), value as unknown] as const);

/** The process environment, with `.env` of the working directory beneath it. */
export function readEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // eslint-disable-next-line no-restricted-syntax -- the one place that reads the environment
  return process.env;
}

/** Where programs are looked for. */
// eslint-disable-next-line no-restricted-syntax -- not a setting of ours
export const readSearchPath = (): string => process.env.PATH ?? '';

/** Reads and checks the settings; an empty variable counts as unset. Throws `ConfigError`. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given: Record<string, string> = {};
  for (const property of Object.keys(new Config())) {
    const value = env[variableName(property)];
    if (value !== undefined && value.trim() !== '') given[property] = value;
  }
  const config = plainToInstance(Config, given, { exposeDefaultValues: true });
  const [error] = validateSync(config, { skipMissingProperties: true });
  if (error) {
    const problem = `${variableName(error.property)} ${Object.values(error.constraints ?? {})[0]}`;
    const echo = isSecretVariable(error.property) ? '' : `, not "${given[error.property]?.slice(0, 100)}"`;
    throw new ConfigError(problem + echo);
  }
  checkTogether(config);
  return config;
}

function checkTogether(config: Config): void {
  if (config.waRootKey && isProductionSocket(config.waSocketUrl))
    throw new ConfigError('WA_ROOT_KEY must be unset unless WA_SOCKET_URL names a network other than web.whatsapp.com');
  if (Boolean(config.mediaS3AccessKey) !== Boolean(config.mediaS3SecretKey))
    throw new ConfigError('MEDIA_S3_ACCESS_KEY and MEDIA_S3_SECRET_KEY must be set together');
  if (!config.isProduction) return;
  if (!config.adminToken || config.adminToken.length < 24)
    throw new ConfigError('ADMIN_TOKEN must be set to at least 24 characters when NODE_ENV is production');
  if (!config.encryptionKeys)
    throw new ConfigError('ENCRYPTION_KEYS must be set (id:base64 of 32 bytes) when NODE_ENV is production');
}

/** Judged by host: another spelling of the path or a trailing slash must not slip past. */
const isProductionSocket = (url: string) => /(^|\.)whatsapp\.(com|net)\.?$/i.test(new URL(url).hostname);

function keyRingSpec(raw: string): string | undefined {
  try {
    new KeyRing(raw);
    return raw;
  } catch {
    return undefined;
  }
}

function hostList(raw: string): string[] | undefined {
  const list = raw.split(',').map((entry) => entry.trim());
  return list.every(isHostOrRange) ? list : undefined;
}

function isHostOrRange(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (bits !== undefined) return family > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  return family > 0 || /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(address);
}

function dottedVersion(raw: string): [number, number, number] | undefined {
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,12})$/.exec(raw);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}
