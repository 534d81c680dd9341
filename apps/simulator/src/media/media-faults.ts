import { FaultList } from '../faults/fault-list.js';
import type { Rule } from '../faults/fault-list.js';

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

/** One request to the media server. */
export interface Transfer {
  direction: 'upload' | 'download';
  type: string;
  path: string;
}

/** What goes wrong on the media server; the first fault that matches wins. */
export class MediaFaults {
  private readonly rules = new FaultList<MediaFaultOrder>('media-fault', isSpent);

  add(order: MediaFaultOrder): Rule<MediaFaultOrder> {
    return this.rules.add(order);
  }

  remove(id: string): boolean {
    return this.rules.remove(id);
  }

  clear(): number {
    return this.rules.clear();
  }

  list(): readonly Rule<MediaFaultOrder>[] {
    return this.rules.all;
  }

  /** The action for this transfer, if any; counts the hit. */
  strike(transfer: Transfer): MediaFaultAction | undefined {
    const rule = this.rules.all.find((candidate) => !isSpent(candidate) && applies(candidate.match ?? {}, transfer));
    if (!rule) return undefined;
    rule.seen++;
    rule.hits++;
    return rule.action;
  }
}

function isSpent({ times = Infinity, hits }: Rule<MediaFaultOrder>): boolean {
  return hits >= times;
}

function applies({ direction, type, path }: MediaFaultMatch, transfer: Transfer): boolean {
  return (
    (direction === undefined || direction === transfer.direction) &&
    (type === undefined || type === transfer.type) &&
    (path === undefined || transfer.path.includes(path))
  );
}
