import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Config } from '@app/platform/config/config.js';
import { HttpAdapter } from '@app/platform/http/http-adapter.js';
import { AppModule } from './app.module.js';
import { openApiDocument } from './openapi.js';
import { prefixRoutes } from './routes.js';

/** The API as a document, of a gateway of which nothing is started: it needs no database. */
export async function describeApi(): Promise<OpenAPIObject> {
  const config = Object.assign(new Config(), { databaseUrl: 'postgres://nowhere' });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config), new HttpAdapter(config), {
    preview: true,
    abortOnError: false,
    logger: false,
  });
  prefixRoutes(app);
  return openApiDocument(app);
}
