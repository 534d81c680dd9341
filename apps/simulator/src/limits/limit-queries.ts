import { QueryIds, XWAPaths } from '@whiskeysockets/baileys/lib/Types/Mex.js';
import type { Mex } from '../mex/mex.js';
import type { Clock } from '../world/clock.js';
import type { Limits } from './limits.js';

/** What a client can ask about its account's limits. */
export function answerLimitQueries(mex: Mex, limits: Limits, clock: Clock): void {
  mex.on(QueryIds.REACHOUT_TIMELOCK, XWAPaths.xwa2_fetch_account_reachout_timelock, ({ account }) =>
    limits.timeLockOf(account).toJson(),
  );
  mex.on(QueryIds.MESSAGE_CAPPING_INFO, XWAPaths.xwa2_message_capping_info, ({ account }) =>
    limits.cappingOf(account).toJson(clock.seconds()),
  );
}
