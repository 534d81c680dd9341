import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventsDocument } from '@app/platform/events/event-schemas.js';
import { contentSchemas } from './features/messaging/content/content-schemas.js';
import { completeOperations } from './openapi-operations.js';
import { asOpenApi31, eventComponents, openApiWebhooks } from './openapi-webhooks.js';

const description = `Multi-tenant WhatsApp gateway. Send \`Authorization: Bearer <token>\`; errors are
\`application/problem+json\` with a stable \`code\`; lists are \`{ items, nextCursor }\`.`;

/** The API as a document. It depends on the code alone, so two builds of one version give the same text. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle('Switchboard')
      .setDescription(description)
      .setVersion('1')
      .addServer('/')
      .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'API token of a user: `swb_…`' }, 'user')
      .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'ADMIN_TOKEN of the operator' }, 'admin')
      .build(),
    { operationIdFactory },
  );
  const schemas = ((document.components ??= {}).schemas ??= {});
  Object.assign(schemas, contentSchemas);
  completeOperations(document);
  const modern = asOpenApi31({ ...document, openapi: '3.1.0' }) as OpenAPIObject;
  Object.assign(modern.components?.schemas ?? {}, eventComponents());
  return Object.assign(modern, { webhooks: openApiWebhooks() });
}

/** `SessionsController.create` → `sessions.create`. */
const operationIdFactory = (controller: string, method: string) =>
  `${controller.replace(/Controller$/, '').replace(/^./, (letter) => letter.toLowerCase())}.${method}`;

/** Serves the document with a page to try it on, and the schemas of events. */
export function serveDocs(app: NestFastifyApplication): void {
  const events = JSON.stringify(eventsDocument());
  app
    .getHttpAdapter()
    .getInstance()
    .get('/docs/events.json', (_request, reply) => reply.type('application/schema+json').send(events));
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Switchboard API',
    swaggerOptions: { persistAuthorization: false, displayOperationId: true },
  });
}
