/** Which transfers a fault hits; absent fields match everything. */
export interface MediaFaultMatch {
  direction?: 'upload' | 'download';
  /** Folder of the upload: image, video, document, audio, md-app-state … */
  type?: string;
  /** A part of the path. */
  path?: string;
}

/** What happens to a transfer that is hit. */
export type MediaFaultAction =
  | { kind: 'status'; code: number }
  /** Never answered; the connection stays open. */
  | { kind: 'timeout' }
  /** Half of the promised bytes, then the connection breaks. */
  | { kind: 'truncated' }
  | { kind: 'slow'; bytesPerSec: number };

/** A fault as it is ordered; without `times` it stays until it is removed. */
export interface MediaFaultOrder {
  match?: MediaFaultMatch;
  action: MediaFaultAction;
  times?: number;
}

/** A fault in force. */
export interface MediaFault extends MediaFaultOrder {
  id: string;
  hits: number;
}

/** One request to the media server. */
export interface Transfer {
  direction: 'upload' | 'download';
  type: string;
  path: string;
}

/** What goes wrong on the media server; the first fault that matches wins. */
export class MediaFaults {
  private faults: MediaFault[] = [];
  private issued = 0;

  add(order: MediaFaultOrder): MediaFault {
    const fault = { ...order, id: `media-fault-${++this.issued}`, hits: 0 };
    this.faults.push(fault);
    return fault;
  }

  remove(id: string): boolean {
    const before = this.faults.length;
    this.faults = this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  list(): readonly MediaFault[] {
    return this.faults;
  }

  /** The action for this transfer, if any; counts the hit. */
  strike(transfer: Transfer): MediaFaultAction | undefined {
    const fault = this.faults.find(
      ({ match = {}, times = Infinity, hits }) => hits < times && applies(match, transfer),
    );
    if (!fault) return undefined;
    fault.hits++;
    return fault.action;
  }
}

function applies({ direction, type, path }: MediaFaultMatch, transfer: Transfer): boolean {
  return (
    (direction === undefined || direction === transfer.direction) &&
    (type === undefined || type === transfer.type) &&
    (path === undefined || transfer.path.includes(path))
  );
}
