import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useGateway } from '@app/testing/use-gateway.js';
import { openApiDocument } from '../../apps/gateway/src/openapi.js';
import { apiRoutes } from './api-document.js';

/** What an operation of a contract is in our API: one operation, several of them, or nothing, for a reason. */
type Answer = string | string[] | { refused: string };
type NativeMap = Record<string, Record<string, Answer>>;

interface Contract {
  paths: Record<string, Record<string, object>>;
}

const CONTRACTS = '../shared/contracts';
const read = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;
const map = read<NativeMap>('test/contracts/native-map.json');

/** What the product does not do yet: for each contract, a reason and the operations that it stands for. */
const notYet = read<Record<string, Record<string, string[]>>>('test/contracts/not-yet.json');
const contracts = ['baileys-api', 'digigo', 'gowa', 'wa-akg'];

/** The contracts that are at hand, with their operations: they are no part of this repository. */
function contractsAtHand(): [name: string, operations: Set<string>][] {
  const files = contracts.map((name): [string, string] => [name, join(CONTRACTS, `${name}.openapi.json`)]);
  return files.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, operationsOf(read<Contract>(file))]);
}

const operationsOf = ({ paths }: Contract) =>
  new Set(
    Object.entries(paths).flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`)),
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
    expect(Object.keys(map)).toEqual(contracts);
  });

  it('has operations or a reason, which is a sentence, for everything', () => {
    const refusals = entries.flatMap(({ answer }) =>
      typeof answer === 'object' && 'refused' in answer ? [answer.refused] : [],
    );
    const reasons = [...refusals, ...Object.values(notYet).flatMap((byReason) => Object.keys(byReason))];
    expect(reasons.filter((reason) => !/^[A-Z].{20,}\.$/.test(reason))).toEqual([]);
    expect(entries.filter(({ answer }) => Array.isArray(answer) && answer.length === 0)).toEqual([]);
  });

  it('knows every operation of a contract once, or why it is not there yet, and no other', () => {
    for (const [contract, operations] of contractsAtHand()) {
      const known = [...Object.keys(map[contract] ?? {}), ...Object.values(notYet[contract] ?? {}).flat()];
      expect([contract, known.sort()]).toEqual([contract, [...operations].sort()]);
    }
  });
});
