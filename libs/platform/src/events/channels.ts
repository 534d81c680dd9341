/** Channels of PostgreSQL's NOTIFY. */

/** Carries lane ids to the delivery workers, comma separated; empty when there are too many to name. */
export const DELIVERIES_CHANNEL = 'deliveries';

/** Carries the id of a destination whose settings changed. */
export const DESTINATION_CHANGED_CHANNEL = 'destination_changed';
