import type { INestApplication } from '@nestjs/common';

/** Puts the routes of the API under its version; health, metrics, links to files and dialects stay where they are. */
export const prefixRoutes = (app: INestApplication): unknown =>
  app.setGlobalPrefix('v1', { exclude: ['health/*path', 'metrics', 'dialects/*path', 'files/*path'] });
