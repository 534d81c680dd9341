const refusals: Record<string, string> = {
  '400':
    'WhatsApp could not read the message. Send it again in a simpler form; if that fails too, the type is not supported there.',
  '401': 'WhatsApp does not accept this login any more. Look at the status of the session and link it again.',
  '403': 'The account may not write here: it is not a member of the group, or the recipient has blocked it.',
  '404': 'There is no such recipient. Check the number, or whether the group or newsletter still exists.',
  '405': 'Only admins may write to this group or newsletter. Have the account made an admin.',
  '406': 'WhatsApp does not accept this content for this recipient. Send another type of message.',
  '408': 'WhatsApp ran out of time. Send the message again.',
  '409': 'The group changed while the message was on its way. Send the message again.',
  '410': 'The recipient is gone: the group, newsletter or account was deleted.',
  '421': 'The members of the group changed while the message was on its way. Send the message again.',
  '429': 'The account sends too fast. Set a pace for the session and send the message again later.',
  '463':
    'WhatsApp does not let this account write to people who never wrote to it. Do not repeat the message: each try makes it worse. Answers to people who write still go out.',
  '475':
    'The account has used up the new chats that WhatsApp allows it in this period. Wait for the next one; answers still go out.',
  '479':
    'WhatsApp found the message malformed, mostly because the devices of the recipient have changed. Send it again.',
  '500': 'WhatsApp had an error of its own. Send the message again.',
  '503': 'WhatsApp is overloaded. Send the message again in some minutes.',
};

const others: Record<string, string> = {
  'message.no-ack':
    'WhatsApp never confirmed the message, although it was sent several times. It may have arrived all the same: ask before you send it again.',
  'message.recipient-unreachable': 'The recipient has no WhatsApp devices. Check the number.',
  'media.upload-failed':
    'The file could not be uploaded to WhatsApp in several tries. Look at the status of the session, then send it again.',
  'media.not-found': 'The file was deleted from the library before it was uploaded. Send it again.',
  'media.gone': 'The content of the file is gone from the library. Send it again.',
  'group.not-a-member': 'The account is not in this group, or not any more. Have it added, or join by an invitation.',
  'group.not-found': 'There is no such group any more. Check its address.',
  'session.not-connected':
    'The message could not be handed to WhatsApp in several tries. Look at the status of the session, then send it again.',
};

/** The stable code for a message that WhatsApp refused with a code of its own. */
export const refusalCode = (code: string): string => `message.refused-${code}`;

/** What somebody can do about a message that failed with this code, in a sentence or two. */
export function adviceOn(errorCode: string): string {
  const [, refused] = /^message\.refused-(\d+)$/.exec(errorCode) ?? [];
  if (refused === undefined) return others[errorCode] ?? 'The message will not be sent. Send it again.';
  return (
    refusals[refused] ??
    `WhatsApp refused the message with its code ${refused}, which is not known here. Try once more, later.`
  );
}
