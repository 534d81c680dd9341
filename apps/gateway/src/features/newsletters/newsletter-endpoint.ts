import { Endpoint, type EndpointOptions } from '@app/platform/http/endpoint.decorator.js';
import { needsWhatsApp } from '../sessions/session-commands.service.js';
import { NewsletterDto } from './newsletters.dto.js';

/** What WhatsApp may say to everything that is asked about a newsletter. */
export const newsletterFails = [
  ...needsWhatsApp,
  'newsletter.not-found',
  'gone:newsletter.deleted',
  'forbidden:newsletter.forbidden',
  'invalid:newsletter.refused',
  'newsletter.conflict',
];

/** A route that asks WhatsApp something about a newsletter, and answers the newsletter unless it says otherwise. */
export const NewsletterEndpoint = ({ fails = [], ...options }: Partial<EndpointOptions> & { summary: string }) =>
  Endpoint({ returns: NewsletterDto, ...options, fails: [...newsletterFails, ...fails] });
