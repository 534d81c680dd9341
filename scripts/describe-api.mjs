// Writes the OpenAPI document of the built gateway to libs/client/openapi.json.
import { writeFileSync } from 'node:fs';
import { describeApi } from '../dist/apps/gateway/src/describe-api.js';

writeFileSync('libs/client/openapi.json', `${JSON.stringify(await describeApi(), null, 2)}\n`);
