export const eventAnswers = ['going', 'not-going', 'maybe'] as const;
export type EventAnswer = (typeof eventAnswers)[number];

/** Other words for a message, or another caption. */
export interface EditAction {
  kind: 'edit';
  text: string | null;
  /** Fields that take the place of those of the content, such as `{ caption }`; null when `text` says it all. */
  content: object | null;
}

/** Deleted for everybody. */
export interface RevokeAction {
  kind: 'revoke';
}

/** An emoji; null takes an earlier one back. */
export interface ReactionAction {
  kind: 'reaction';
  emoji: string | null;
}

/** Pinned in its chat for everybody, for some time; null takes the pin away. */
export interface PinAction {
  kind: 'pin';
  seconds: number | null;
}

/** Kept in a chat with disappearing messages. */
export interface KeepAction {
  kind: 'keep';
  isKept: boolean;
}

/** The options somebody chose, by name; none take an earlier vote back. */
export interface PollVoteAction {
  kind: 'poll-vote';
  options: string[];
}

export interface EventResponseAction {
  kind: 'event-response';
  answer: EventAnswer;
  extraGuests: number;
}

/** A star of the own account. */
export interface StarAction {
  kind: 'star';
  isStarred: boolean;
}

/** Deleted for the own account alone. */
export interface DeleteAction {
  kind: 'delete';
}

/** What somebody does with a message: the same shape when it is sent, stored and applied. */
export type MessageAction =
  | EditAction
  | RevokeAction
  | ReactionAction
  | PinAction
  | KeepAction
  | PollVoteAction
  | EventResponseAction
  | StarAction
  | DeleteAction;

export type ActionKind = MessageAction['kind'];
