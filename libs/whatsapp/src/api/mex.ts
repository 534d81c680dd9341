import { Boom } from '@hapi/boom';
import { getBinaryNodeChild, QueryIds, S_WHATSAPP_NET, type WASocket, XWAPaths } from '@whiskeysockets/baileys';

/** One of WhatsApp's GraphQL-like queries: the id that its text is stored under there, and where its answer stands. */
export interface MexQuery {
  id: string;
  path: string;
}

/** Those about newsletters. */
export const newsletterQueries = {
  create: { id: QueryIds.CREATE, path: XWAPaths.xwa2_newsletter_create },
  update: { id: QueryIds.UPDATE_METADATA, path: 'xwa2_newsletter_update' },
  info: { id: QueryIds.METADATA, path: XWAPaths.xwa2_newsletter_metadata },
  follow: { id: QueryIds.FOLLOW, path: XWAPaths.xwa2_newsletter_join_v2 },
  unfollow: { id: QueryIds.UNFOLLOW, path: XWAPaths.xwa2_newsletter_leave_v2 },
  mute: { id: QueryIds.MUTE, path: XWAPaths.xwa2_newsletter_mute_v2 },
  unmute: { id: QueryIds.UNMUTE, path: XWAPaths.xwa2_newsletter_unmute_v2 },
  delete: { id: QueryIds.DELETE, path: XWAPaths.xwa2_newsletter_delete_v2 },
  changeOwner: { id: QueryIds.CHANGE_OWNER, path: XWAPaths.xwa2_newsletter_change_owner },
  demote: { id: QueryIds.DEMOTE, path: XWAPaths.xwa2_newsletter_demote },
  subscribers: { id: QueryIds.SUBSCRIBERS, path: XWAPaths.xwa2_newsletter_subscribers },
  admins: { id: QueryIds.ADMIN_COUNT, path: XWAPaths.xwa2_newsletter_admin_count },
  /** All that the account follows. Not confirmed on the production network: Baileys does not ask it. */
  followed: { id: '6388546374527196', path: 'xwa2_newsletter_subscribed' },
} satisfies Record<string, MexQuery>;

interface MexAnswer {
  data?: Record<string, unknown> | null;
  errors?: { message?: string; extensions?: { error_code?: number } }[];
}

/** Asks such a query; undefined when no answer came. Throws a Boom whose `data` is WhatsApp's code when it is refused. */
export async function askMex<T>(socket: WASocket, { id, path }: MexQuery, variables: object): Promise<T | undefined> {
  const content = [{ tag: 'query', attrs: { query_id: id }, content: Buffer.from(JSON.stringify({ variables })) }];
  const attrs = { type: 'get', to: S_WHATSAPP_NET, xmlns: 'w:mex' };
  const reply: unknown = await socket.query({ tag: 'iq', attrs, content });
  if (reply === undefined) return undefined;
  const text = getBinaryNodeChild(reply as Parameters<typeof getBinaryNodeChild>[0], 'result')?.content;
  const { data, errors = [] } = JSON.parse(
    text instanceof Uint8Array ? Buffer.from(text).toString() : '{}',
  ) as MexAnswer;
  const [error] = errors;
  if (error) throw new Boom(error.message ?? 'refused', { data: error.extensions?.error_code ?? 400 });
  if (data?.[path] === undefined) throw new Boom('the answer is of another form', { data: 500 });
  return data[path] as T;
}
