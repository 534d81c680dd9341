import type { Plane } from '../messages/plane.js';
import type { Mex } from '../mex/mex.js';
import type { Pictures } from '../pictures/pictures.js';
import type { IqRouter } from '../routes/iq-router.js';
import type { Core } from '../world/core.js';
import { Editorship } from './editorship.js';
import { routeNewsletters } from './iq-newsletter.js';
import { LiveUpdates } from './live-updates.js';
import { NewsDesk } from './news-desk.js';
import { NewsletterMessages } from './newsletter-messages.js';
import { answerNewsletterQueries } from './newsletter-queries.js';
import { NewsletterReceipts } from './newsletter-receipts.js';
import { Newsletters } from './newsletters.js';

/** Where newsletters hook into the network. */
interface Hooks {
  router: IqRouter;
  mex: Mex;
  messages: Plane;
  receipts: Plane;
  pictures: Pictures;
}

/** Builds everything about newsletters and connects it to the network. */
export function createNewsletters(core: Core, { router, mex, messages, receipts, pictures }: Hooks) {
  const newsletters = new Newsletters(core);
  const live = new LiveUpdates(core.clock);
  const newsDesk = new NewsDesk(core, live);
  const editorship = new Editorship(core, newsletters, live, pictures);
  messages.use(new NewsletterMessages(newsletters, newsDesk));
  receipts.use(new NewsletterReceipts(newsletters, newsDesk));
  routeNewsletters(router, core, newsletters, live);
  answerNewsletterQueries(mex, { newsletters, editorship, directory: core.directory, pictures });
  return { newsletters, newsDesk, editorship, liveUpdates: live };
}
