import { BotMessages } from './bots/bot-messages.js';
import { Bots } from './bots/bots.js';
import { routeBots } from './bots/iq-bots.js';
import { Businesses } from './business/businesses.js';
import { routeBusiness } from './business/iq-business.js';
import type { Population } from './contacts/population.js';
import { answerLimitQueries } from './limits/limit-queries.js';
import type { Limits } from './limits/limits.js';
import type { Plane } from './messages/plane.js';
import { Mex, routeMex } from './mex/mex.js';
import { createNewsletters } from './newsletters/create-newsletters.js';
import type { Pictures } from './pictures/pictures.js';
import type { IqRouter } from './routes/iq-router.js';
import type { Core } from './world/core.js';

/** Where the offerings hook into the network. */
interface Hooks {
  router: IqRouter;
  messages: Plane;
  receipts: Plane;
  population: Population;
  limits: Limits;
  pictures: Pictures;
}

/** What the service offers beside conversations: newsletters, businesses, bots, and news of an account's limits. */
export function createOfferings(core: Core, { router, population, limits, ...hooks }: Hooks) {
  const { messages } = hooks;
  const { directory, clock } = core;
  const businesses = new Businesses(core);
  routeBusiness(router, businesses, directory);
  const bots = new Bots(core, population);
  routeBots(router, bots);
  messages.use(new BotMessages(messages, directory));
  const mex = new Mex(core);
  routeMex(router, mex);
  answerLimitQueries(mex, limits, clock);
  return { limits, businesses, bots, ...createNewsletters(core, { router, mex, ...hooks }) };
}
