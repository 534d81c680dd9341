import { notice } from '../network/notice.js';
import { SERVICE } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';
import type { Core } from '../world/core.js';

/** The result of a subscribed query, pushed to a client; `op_name` tells which. */
export function mexNotice(core: Core, operation: string, body: object, from: string = SERVICE): Stanza {
  const update = stanza('update', { op_name: operation }, Buffer.from(JSON.stringify(body)));
  return notice(core, { from, type: 'mex' }, [update]);
}
