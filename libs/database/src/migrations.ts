import { Foundation1795247494907 } from './migrations/1795247494907-foundation.js';
import { MediaLibrary1795272359064 } from './migrations/1795272359064-media-library.js';
import { MessagesOfEveryKind1795272784065 } from './migrations/1795272784065-messages-of-every-kind.js';
import { Chats1795274654255 } from './migrations/1795274654255-chats.js';
import { Pacing1795275226914 } from './migrations/1795275226914-pacing.js';
import { MessageFiles1795275485050 } from './migrations/1795275485050-message-files.js';
import { NumberChecks1795275633237 } from './migrations/1795275633237-number-checks.js';
import { MessageActions1795277000000 } from './migrations/1795277000000-message-actions.js';
import { DestinationsOfAllKinds1795281496722 } from './migrations/1795281496722-destinations-of-all-kinds.js';
import { QuietMessages1795281500000 } from './migrations/1795281500000-quiet-messages.js';
import { FilesOfCards1795282367021 } from './migrations/1795282367021-files-of-cards.js';
import { DeliveryLog1795283098596 } from './migrations/1795283098596-delivery-log.js';
import { CallsAndLabels1795283862524 } from './migrations/1795283862524-calls-and-labels.js';
import { EventFeed1795283960680 } from './migrations/1795283960680-event-feed.js';
import { Lines1795284000000 } from './migrations/1795284000000-lines.js';
import { Groups1795294434520 } from './migrations/1795294434520-groups.js';
import { Newsletters1795294446413 } from './migrations/1795294446413-newsletters.js';
import { ContactBlocks1795294797623 } from './migrations/1795294797623-contact-blocks.js';
import { TenantStorages1795295103352 } from './migrations/1795295103352-tenant-storages.js';
import { Account1795296089764 } from './migrations/1795296089764-account.js';
import { SessionGrants1795307579195 } from './migrations/1795307579195-session-grants.js';
import { GroupFindings1795308033179 } from './migrations/1795308033179-group-findings.js';
import type { ForwardMigration } from './migrations/forward-migration.js';

/** Every migration, oldest first; `npm run migrate:new` keeps the list. */
export const migrations: (new () => ForwardMigration)[] = [
  Foundation1795247494907,
  MediaLibrary1795272359064,
  MessagesOfEveryKind1795272784065,
  Chats1795274654255,
  Pacing1795275226914,
  MessageFiles1795275485050,
  NumberChecks1795275633237,
  MessageActions1795277000000,
  DestinationsOfAllKinds1795281496722,
  QuietMessages1795281500000,
  FilesOfCards1795282367021,
  DeliveryLog1795283098596,
  CallsAndLabels1795283862524,
  EventFeed1795283960680,
  Lines1795284000000,
  Groups1795294434520,
  Newsletters1795294446413,
  ContactBlocks1795294797623,
  TenantStorages1795295103352,
  Account1795296089764,
  SessionGrants1795307579195,
  GroupFindings1795308033179,
];
