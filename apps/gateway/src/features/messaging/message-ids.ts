/** Whether a message may have this id on WhatsApp: none of ours, and nothing that could not be one. */
export const isWhatsAppId = (id: string): boolean => /^(?!msg_)[A-Za-z0-9_.-]{1,128}$/.test(id);

const UNSTORED = 'wa:';

/** How the row of an action names the message it is done with: by our id, else by WhatsApp's behind a mark that no id has. */
export const targetIdOf = ({ id, messageId }: { id: string | null; messageId: string }): string =>
  id ?? `${UNSTORED}${messageId}`;

/** WhatsApp's id of a message that was not stored; null for our ids. */
export const unstoredTarget = (targetId: string): string | null =>
  targetId.startsWith(UNSTORED) ? targetId.slice(UNSTORED.length) : null;
