/** Channels of PostgreSQL's NOTIFY. */

/** Carries lane ids to the delivery workers, comma separated; empty when there are too many to name. */
export const DELIVERIES_CHANNEL = 'deliveries';

/** Carries the id of a destination whose settings changed. */
export const DESTINATION_CHANGED_CHANNEL = 'destination_changed';

/** The desired state of some session, or the standing of a tenant, changed. */
export const SESSIONS_CHANGED = 'switchboard_sessions';
/** Carries `<session id> <command id>`: a command waits for whoever holds the session. */
export const COMMAND_WAITS = 'switchboard_commands';
/** Carries the id of a command that is done. */
export const COMMAND_DONE = 'switchboard_command_answers';
/** Carries a session id: its settings changed. */
export const SESSION_SETTINGS_CHANGED = 'switchboard_session_settings';
/** Carries a session id: messages came in that are to be marked as read. */
export const READS_WAIT = 'switchboard_reads';
/** Carries a session id: it has a call that is to be rejected. */
export const CALLS_WAIT = 'switchboard_calls';
/** Carries a session id: it has messages to send that were accepted by a process which does not hold it. */
export const MESSAGES_WAIT = 'switchboard_messages';
/** Carries a session id: it has a message whose files are to be uploaded. */
export const FILES_WAIT = 'switchboard_files';
/** A file of a message that came in is to be downloaded. */
export const DOWNLOADS_WAIT = 'switchboard_downloads';
/** A replay waits to be worked. */
export const REPLAYS_WAIT = 'switchboard_replays';
/** Somebody watches deliveries, for the next minute. */
export const OUTCOMES_WATCHED = 'switchboard_outcomes_watched';
/** Carries ids of deliveries that were attempted, each with a letter for how it went. */
export const OUTCOMES = 'switchboard_outcomes';
