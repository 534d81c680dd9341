/** Whose payloads and signatures a webhook gets: ours, or those of another gateway. */
export const webhookFormats = ['native', 'gowa', 'digigo', 'wa-akg'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** How the file of a message comes with its event. */
export const webhookMedia = ['link', 'base64', 'none'] as const;
export type WebhookMedia = (typeof webhookMedia)[number];

/** What is set for a webhook and everybody may see; what is absent is as it is by default. */
export interface WebhookSettings {
  format?: WebhookFormat;
  media?: WebhookMedia;
  /** Names of the headers that are sent along. */
  headers?: string[];
  /** An authority of its own is believed. */
  hasAuthority?: boolean;
  /** The certificate that is shown to the server. */
  certificate?: { subject: string; expiresAt: string };
  /** Until when the secret before the current one signs as well (RFC 3339). */
  previousSecretUntil?: string;
}
