import type { FastifyInstance } from 'fastify';
import { accountRoutes } from './account-routes.js';
import { botRoutes } from './bot-routes.js';
import { businessRoutes } from './business-routes.js';
import { callRoutes } from './call-routes.js';
import { deedRoutes } from './deed-routes.js';
import { communityRoutes } from './community-routes.js';
import { deviceRoutes } from './device-routes.js';
import { groupRoutes } from './group-routes.js';
import { historyRoutes } from './history-routes.js';
import { limitRoutes } from './limit-routes.js';
import { loadRoutes } from './load-routes.js';
import { mediaRoutes } from './media-routes.js';
import { messageRoutes } from './message-routes.js';
import { networkRoutes } from './network-routes.js';
import { newsletterRoutes } from './newsletter-routes.js';
import { peopleRoutes } from './people-routes.js';
import { phoneRoutes } from './phone-routes.js';
import { pictureRoutes } from './picture-routes.js';
import { statusRoutes } from './status-routes.js';
import { clockRoutes } from './clock-routes.js';
import { connectionRoutes } from './connection-routes.js';
import { faultRoutes } from './fault-routes.js';
import { stanzaRoutes } from './stanza-routes.js';
import type { Stage } from './stage.js';

/** Everything the control API can do. */
export const allRoutes: ((app: FastifyInstance, stage: Stage) => void)[] = [
  networkRoutes,
  accountRoutes,
  peopleRoutes,
  deviceRoutes,
  botRoutes,
  businessRoutes,
  callRoutes,
  deedRoutes,
  communityRoutes,
  groupRoutes,
  historyRoutes,
  limitRoutes,
  loadRoutes,
  mediaRoutes,
  messageRoutes,
  newsletterRoutes,
  phoneRoutes,
  pictureRoutes,
  statusRoutes,
  stanzaRoutes,
  faultRoutes,
  connectionRoutes,
  clockRoutes,
];
