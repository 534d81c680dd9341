import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes JSON with files in base64. */
    takesLargeBody?: boolean;
  }
}

/** A route whose JSON may hold files in base64: its body may have MEDIA_JSON_MAX_BYTES. */
export const LargeBody = () => RouteConfig({ takesLargeBody: true });

/** To be called before any route is registered. */
export function allowLargeBodies(instance: FastifyInstance, maxBytes: number): void {
  instance.addHook('onRoute', (route) => {
    if (route.config?.takesLargeBody) route.bodyLimit = maxBytes;
  });
}
