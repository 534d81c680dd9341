import type { OpenAPIObject } from '@nestjs/swagger';
import { ROLE_EXTENSION } from '@app/platform/auth/access.decorator.js';
import { problemResponses } from '@app/platform/http/endpoint.decorator.js';
import { documentFormFile } from '@app/platform/http/form-or-json.js';

interface Parameter {
  name: string;
  in: string;
  description?: string;
  schema?: { type?: unknown };
  style?: string;
  explode?: boolean;
}

interface Operation {
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Parameters<typeof documentFormFile>[0]['requestBody'] & { required?: boolean };
  security?: Record<string, string[]>[];
  /** The lowest role of a user that may, or that it depends on the path. */
  [ROLE_EXTENSION]?: string;
  responses: Record<string, { description: string; content?: object }>;
}

const credentialFails = ['missing', 'invalid', 'expired'].map((what) => `unauthenticated:token.${what}`);

/** What the guard may answer, by who is let in; public routes it leaves alone. */
const accessFails: Record<string, string[]> = {
  user: [
    ...credentialFails,
    'forbidden:access.user-only',
    'forbidden:token.scope-missing',
    'forbidden:tenant.suspended',
    'rate-limited:request.rate-limited',
  ],
  admin: [...credentialFails, 'forbidden:access.admin-only', 'rate-limited:request.rate-limited'],
};
const inputFails = ['invalid:request.invalid'];
const bodyFails = ['invalid:request.malformed', 'too-large:request.too-large', 'media-type:request.media-type'];

/** Completes every operation with what its controller need not say: how access, input and the rest may fail. */
export function completeOperations(document: OpenAPIObject): void {
  const tags = new Set<string>();
  for (const [path, operations] of Object.entries(document.paths))
    for (const operation of Object.values(operations) as Operation[]) {
      // Named once for the controller and once more for the route.
      operation.security = operation.security?.slice(0, 1) ?? [];
      for (const tag of operation.tags ?? []) tags.add(tag);
      for (const parameter of operation.parameters ?? []) completeParameter(parameter, path);
      documentFormFile(operation);
      completeRole(operation, path);
      completeBody(operation, document);
      addProblems(operation);
    }
  document.tags = [...tags].sort().map((name) => ({ name }));
}

/** The codes of the route itself come after those that many routes have. */
function addProblems(operation: Operation): void {
  const { parameters = [], requestBody, security = [], responses, [ROLE_EXTENSION]: role } = operation;
  const fails = [
    ...(parameters.length || requestBody ? inputFails : []),
    ...(requestBody ? bodyFails : []),
    ...security.flatMap((requirement) => Object.keys(requirement).flatMap((name) => accessFails[name] ?? [])),
    ...(role === 'owner' ? ['forbidden:access.owner-only'] : []),
  ];
  for (const { status, ...response } of problemResponses(fails)) {
    const own = responses[status]?.description.split(': ')[1]?.split(', ') ?? [];
    const more = own.filter((code) => !response.description.includes(code));
    responses[status] = { ...response, description: [response.description, ...more].join(', ') };
  }
  const [unforeseen] = problemResponses(['invalid:internal']);
  if (unforeseen) responses.default = { ...unforeseenAnswer, content: unforeseen.content };
}

/** What is below a session is for those with whom it is shared, the rest for owners, unless the route says otherwise. */
function completeRole(operation: Operation, path: string): void {
  if (operation[ROLE_EXTENSION] !== 'by-path') return;
  operation[ROLE_EXTENSION] = path.includes('{sessionId}') ? 'staff' : 'owner';
}

const unforeseenAnswer = { description: 'Anything else, such as 500 `internal`' };

/** A body of which every field may be left out may be left out itself. */
function completeBody({ requestBody }: Operation, { components }: OpenAPIObject): void {
  if (!requestBody) return;
  const { $ref } = (requestBody.content?.['application/json']?.schema ?? {}) as { $ref?: string };
  const dto = $ref === undefined ? undefined : components?.schemas?.[$ref.replace(/.*\//, '')];
  if (dto && !('$ref' in dto) && !dto.required?.length) requestBody.required = false;
}

function completeParameter(parameter: Parameter, path: string): void {
  if (parameter.in === 'path') parameter.description ??= describePathParameter(parameter.name, path);
  if (parameter.in !== 'query' || parameter.schema?.type !== 'array') return;
  // `a,b`: taken as well as the name several times, and shorter.
  parameter.style = 'form';
  parameter.explode = false;
}

/** `{messageId}` of `/messages/{messageId}` → "Id of one of `messages`." */
function describePathParameter(name: string, path: string): string {
  if (name === 'chatId') return 'A phone number with country code, or another address of WhatsApp, in any spelling.';
  const segments = path.split('/');
  const collection = segments[segments.indexOf(`{${name}}`) - 1] ?? '';
  return `Which one of \`${collection}\`, by its id.`;
}
