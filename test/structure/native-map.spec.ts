import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useGateway } from '@app/testing/use-gateway.js';
import { openApiDocument } from '../../apps/gateway/src/openapi.js';
import { apiRoutes } from './api-document.js';

/** What an operation of a contract is in our API: one operation, several of them, or nothing, for a reason. */
type Answer = string | string[] | { refused: string };
type NativeMap = Record<string, Record<string, Answer>>;

interface Contract {
  paths: Record<string, Record<string, { tags?: string[] }>>;
}

const CONTRACTS = '../shared/contracts';
const read = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;
const map = read<NativeMap>('test/contracts/native-map.json');

/** Tags of each contract whose operations are all in the map, but for those that belong to features yet to come. */
const covered: Record<string, { tags: string[]; without: string[] }> = {
  'baileys-api': { tags: ['Messages', 'WhatsApp groups'], without: [] },
  digigo: {
    tags: [
      'Chat',
      'Group',
      'Community',
      'Send',
      'Sync',
      'Status',
      'Newsletter',
      'Webhook',
      'Session Skips',
      'Session Presence',
      'Session Global Transports',
      'Session Echo',
      'Admin Global',
      'Admin DLQ',
      'Admin Event Archive',
      'Admin Monitoring',
      'Session RabbitMQ',
      'User LID',
      'Label',
      'Business',
    ],
    without: [],
  },
  gowa: { tags: ['send', 'message', 'chat', 'group', 'newsletter'], without: [] },
  'wa-akg': {
    tags: ['Messaging', 'Groups', 'Chat', 'Contacts', 'Labels', 'Media', 'Webhooks', 'Session Access'],
    without: ['POST /messages/{sessionId}/broadcast'],
  },
};

/** The contracts that are at hand: they are no part of this repository. */
function contractsAtHand(): [name: string, operations: Map<string, string[]>][] {
  const files = Object.keys(covered).map((name): [string, string] => [name, join(CONTRACTS, `${name}.openapi.json`)]);
  return files.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, operationsOf(read<Contract>(file))]);
}

const operationsOf = ({ paths }: Contract) =>
  new Map(
    Object.entries(paths).flatMap(([path, verbs]) =>
      Object.entries(verbs).map(([verb, { tags = [] }]): [string, string[]] => [`${verb.toUpperCase()} ${path}`, tags]),
    ),
  );

const entries = Object.entries(map).flatMap(([contract, operations]) =>
  Object.entries(operations).map(([operation, answer]) => ({ name: `${contract} ${operation}`, answer })),
);
const idsOf = (answer: Answer) => (typeof answer === 'object' && 'refused' in answer ? [] : [answer].flat());

describe('the map from the contracts to our API', () => {
  const gateway = useGateway();

  it('names only operations that exist', () => {
    const ids = new Set(apiRoutes(openApiDocument(gateway.app)).map(({ operation }) => operation.operationId));
    const unknown = entries.flatMap(({ name, answer }) =>
      idsOf(answer).flatMap((id) => (ids.has(id) ? [] : [`${name}: ${id}`])),
    );
    expect(unknown).toEqual([]);
    expect(Object.keys(map)).toEqual(Object.keys(covered));
  });

  it('has an operation or a reason for everything', () => {
    const reason = (answer: Answer) => (typeof answer === 'object' && 'refused' in answer ? answer.refused : '');
    const empty = entries.filter(({ answer }) => idsOf(answer).length === 0 && reason(answer).length < 20);
    expect(empty).toEqual([]);
  });

  it('misspells no operation of a contract', () => {
    const misspelt = contractsAtHand().flatMap(([contract, operations]) =>
      Object.keys(map[contract] ?? {}).filter((operation) => !operations.has(operation)),
    );
    expect(misspelt).toEqual([]);
  });

  it('leaves out nothing of what it covers', () => {
    const missing = contractsAtHand().flatMap(([contract, operations]) => {
      const { tags, without } = covered[contract]!;
      return [...operations]
        .filter(([name, own]) => own.some((tag) => tags.includes(tag)) && !without.includes(name))
        .filter(([name]) => !(name in (map[contract] ?? {})))
        .map(([name]) => `${contract} ${name}`);
    });
    expect(missing).toEqual([]);
  });
});
