import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describeApi } from '../../apps/gateway/src/describe-api.js';

/** Everything that the linter recommends, as errors, and what else is worth a rule. */
const rules = {
  extends: ['recommended-strict' as const],
  rules: {
    'array-parameter-serialization': 'error',
    'component-name-unique': 'error',
    'operation-4xx-problem-details-rfc7807': 'error',
    'operation-description': 'off',
    'operation-singular-tag': 'error',
    'operation-tag-defined': 'error',
    'parameter-description': 'error',
    'path-params-defined': 'error',
    // The names of tags say it.
    'tag-description': 'off',
    // Health has no 4xx: nothing of it can be refused.
    'operation-4xx-response': 'off',
    // The document is of an installation, whose operator has the licence.
    'info-license': 'off',
  } as const,
};

const lint = async (document: object) => {
  const source = JSON.stringify(document);
  const found = await lintFromString({ source, absoluteRef: 'openapi.json', config: await createConfig(rules) });
  return found.map(({ ruleId, message, location }) => `${location[0]?.pointer}: ${message} (${ruleId})`);
};

describe('the OpenAPI document, to a linter,', () => {
  it('is without fault', async () => {
    expect(await lint(await describeApi())).toEqual([]);
  });

  it('would not be without summaries, parameters and typed problems', async () => {
    const document = await describeApi();
    const { get } = document.paths['/v1/sessions/{sessionId}']!;
    delete get!.summary;
    delete get!.parameters;
    get!.responses['404'] = { description: 'Not found' };
    const faults = (await lint(document)).join('\n');
    for (const rule of ['summary', 'path-parameters-defined', '4xx-problem-details-rfc7807'])
      expect(faults).toContain(rule);
  });
});
