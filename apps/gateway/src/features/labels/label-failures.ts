/** How everything fails that changes labels on WhatsApp. */
export const writesLabels = [
  'session.not-found',
  'session.not-connected',
  'timeout:session.no-answer',
  'timeout:whatsapp.no-answer',
  'forbidden:whatsapp.forbidden',
  'rate-limited:whatsapp.rate-limited',
  'unavailable:whatsapp.failed',
  'unavailable:chat.settings-locked',
  'unavailable:chat.settings-busy',
];
