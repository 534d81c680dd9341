/** How everything fails that needs an answer from WhatsApp. */
export const needsWhatsApp = [
  'session.not-found',
  'session.not-connected',
  'timeout:session.no-answer',
  'timeout:whatsapp.no-answer',
  'forbidden:whatsapp.forbidden',
  'rate-limited:whatsapp.rate-limited',
  'unavailable:whatsapp.failed',
];
