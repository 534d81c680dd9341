/** What can be wrong with the settings of a webhook. */
export const badSettings = [
  'invalid:outbound.refused',
  'invalid:webhook.unknown-type',
  'invalid:webhook.unknown-session',
  'invalid:webhook.secret-unfit',
  'invalid:webhook.header-refused',
  'invalid:webhook.certificate-invalid',
  'invalid:webhook.tls-without-https',
  'invalid:webhook.media-unsupported',
];
