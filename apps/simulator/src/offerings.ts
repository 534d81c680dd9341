import { BotMessages } from './bots/bot-messages.js';
import { Bots } from './bots/bots.js';
import { botProfile, routeBots } from './bots/iq-bots.js';
import { Businesses } from './business/businesses.js';
import { routeBusiness } from './business/iq-business.js';
import type { Population } from './contacts/population.js';
import { answerLimitQueries } from './limits/limit-queries.js';
import type { Limits } from './limits/limits.js';
import type { Plane } from './messages/plane.js';
import { Mex, routeMex } from './mex/mex.js';
import { createNewsletters } from './newsletters/create-newsletters.js';
import type { Pictures } from './pictures/pictures.js';
import { routeLinks } from './links/iq-links.js';
import { Links } from './links/links.js';
import type { Protocol } from './routes/iq-usync.js';
import type { IqRouter } from './routes/iq-router.js';
import type { Core } from './world/core.js';

/** Where the offerings hook into the network. */
interface Hooks {
  router: IqRouter;
  /** What can be asked about people. */
  lookups: Map<string, Protocol>;
  messages: Plane;
  receipts: Plane;
  population: Population;
  limits: Limits;
  pictures: Pictures;
}

/** What the service offers beside conversations: newsletters, businesses, bots, and news of an account's limits. */
export function createOfferings(core: Core, { router, lookups, population, limits, ...hooks }: Hooks) {
  const { messages } = hooks;
  const { directory, clock } = core;
  const businesses = new Businesses(core);
  routeBusiness(router, businesses, directory);
  const bots = new Bots(core, population);
  routeBots(router, bots);
  lookups.set('bot', (account) => botProfile(bots, account));
  const links = new Links(core);
  routeLinks(router, links);
  messages.use(new BotMessages(messages, directory));
  const mex = new Mex(core);
  routeMex(router, mex);
  answerLimitQueries(mex, limits, clock);
  return { limits, businesses, bots, links, ...createNewsletters(core, { router, mex, ...hooks }) };
}
