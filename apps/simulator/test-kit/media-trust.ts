import { readFileSync } from 'node:fs';
import { Agent as HttpsAgent } from 'node:https';
import type { UserFacingSocketConfig } from '@whiskeysockets/baileys';
// The `fetch` of Node 20 takes dispatchers of undici 6 only.
import { Agent, buildConnector } from 'undici6';
import type { Simulator } from '../src/create-simulator.js';

/** What makes a client accept the media server and find it under the names of the real one. */
export interface MediaTrust {
  config: Partial<UserFacingSocketConfig>;
  close(): Promise<void>;
}

/** Trust in a simulator's media server: `fetchAgent` is for uploads, `options.dispatcher` for downloads. */
export function trustMedia({ caFile, mediaHost }: Simulator): MediaTrust {
  const ca = readFileSync(caFile);
  const [hostname = '', port = ''] = mediaHost.split(':');
  const connect = buildConnector({ ca });
  const dispatcher = new Agent({
    connect: (target, done) => {
      const isService = target.hostname.endsWith('.whatsapp.net');
      // The certificate is still checked against the name that was asked for.
      connect(isService ? { ...target, hostname, port, servername: target.hostname } : target, done);
    },
  });
  const fetchAgent = new HttpsAgent({ ca });
  // The declared type is that of the DOM, which knows no dispatchers.
  const options = { dispatcher } as unknown as NonNullable<UserFacingSocketConfig['options']>;
  const close = async (): Promise<void> => {
    fetchAgent.destroy();
    await dispatcher.destroy();
  };
  return { config: { fetchAgent, options }, close };
}
