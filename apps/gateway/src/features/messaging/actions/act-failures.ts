/** How anything that is done with a message can fail. */
export const actFailures = [
  'session.not-found',
  'message.not-found',
  'session.not-linked',
  'session.not-started',
  'message.revoked',
  'message.failed',
  'unsupported:newsletter.unsupported',
  'idempotency.key-reused',
];
