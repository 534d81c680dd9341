import type { Ending, StreamErrorKind } from '../faults/fault.js';
import type { Connection } from '../wire/connection.js';
import { SERVICE } from '../wire/jid.js';
import { stanza } from '../wire/stanza.js';
import type { Stanza } from '../wire/stanza.js';

/** Ends a connection in one of the service's ways; `tell` writes the last words. */
export function end(connection: Connection, ending: Ending, tell: (last: Stanza) => void): void {
  if (ending.kind === 'halfOpen') return connection.freeze();
  if (ending.kind === 'resetTcp') return connection.reset();
  const words = lastWords(ending);
  if (words) tell(words);
  connection.close(ending.kind === 'closeSocket' ? ending.code : undefined);
}

/** The service's ways to end a stream; 440 and 401 are told by their child, the rest by their code. */
export function streamError(error: StreamErrorKind): Stanza {
  const removed = stanza('conflict', { type: 'device_removed' });
  if (error === 'ack') return stanza('stream:error', {}, [stanza('ack', { id: 'sim' })]);
  if (error === 'device_removed') return stanza('stream:error', {}, [removed]);
  if (error === 401) return stanza('stream:error', { code: 401 }, [removed]);
  if (error === 'replaced' || error === 440)
    return stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]);
  return stanza('stream:error', { code: error });
}

function lastWords(ending: Ending): Stanza | undefined {
  if (ending.kind === 'streamError') return streamError(ending.error);
  if (ending.kind === 'streamEnd') return stanza('xmlstreamend');
  if (ending.kind === 'downgrade') return stanza('ib', { from: SERVICE }, [stanza('downgrade_webclient')]);
  return undefined;
}
