import type { Stanza } from '../wire/stanza.js';
import type { Device } from '../world/account.js';

/** Carries messages, or receipts, to one kind of destination: people, groups, newsletters … */
export interface Carrier {
  /** Whether this destination is its business. */
  reaches(to: string): boolean;
  /** Looks before anything is delivered: attributes for the ack; with `error` the stanza is refused. */
  admit?(sender: Device, node: Stanza): Stanza['attrs'] | undefined;
  submit(sender: Device, node: Stanza): void;
}

/** Finds who carries a stanza. One plane exists for messages and one for receipts. */
export class Plane {
  private readonly carriers: Carrier[] = [];

  use(carrier: Carrier): this {
    this.carriers.push(carrier);
    return this;
  }

  /** Who is responsible for this destination; undefined when nobody is. */
  carrierOf({ attrs: { to = '' } }: Stanza): Carrier | undefined {
    return this.carriers.find((carrier) => carrier.reaches(to));
  }

  /** Delivers what a person played here sends; answers the code it was refused with, if it was. */
  submit(sender: Device, node: Stanza): string | undefined {
    const carrier = this.carrierOf(node);
    const refusal = carrier ? carrier.admit?.(sender, node)?.error : '501';
    if (refusal === undefined) carrier?.submit(sender, node);
    return refusal;
  }
}
