import { AccountLimits } from './entities/account-limits.entity.js';
import { ApiToken } from './entities/api-token.entity.js';
import { AuditEntry } from './entities/audit-entry.entity.js';
import { Chat } from './entities/chat.entity.js';
import { BegunChat } from './entities/begun-chat.entity.js';
import { Call } from './entities/call.entity.js';
import { DeliveryLane } from './entities/delivery-lane.entity.js';
import { Delivery } from './entities/delivery.entity.js';
import { Destination } from './entities/destination.entity.js';
import { EventLogStart } from './entities/event-log-start.entity.js';
import { EventSequence } from './entities/event-sequence.entity.js';
import { Event } from './entities/event.entity.js';
import { GroupSync } from './entities/group-sync.entity.js';
import { HistorySync } from './entities/history-sync.entity.js';
import { FileDownload } from './entities/file-download.entity.js';
import { FileUpload } from './entities/file-upload.entity.js';
import { InboundJournal } from './entities/inbound-journal.entity.js';
import { LabelAssignment } from './entities/label-assignment.entity.js';
import { Label } from './entities/label.entity.js';
import { MediaFile } from './entities/media-file.entity.js';
import { MessagePlaceholder } from './entities/message-placeholder.entity.js';
import { MessageUsage } from './entities/message-usage.entity.js';
import { MessageAnswer } from './entities/message-answer.entity.js';
import { MessageEdit } from './entities/message-edit.entity.js';
import { MessageReceipt } from './entities/message-receipt.entity.js';
import { WaitingAction } from './entities/waiting-action.entity.js';
import { Message } from './entities/message.entity.js';
import { NewsletterSync } from './entities/newsletter-sync.entity.js';
import { NumberCheck } from './entities/number-check.entity.js';
import { Replay } from './entities/replay.entity.js';
import { SessionCommand } from './entities/session-command.entity.js';
import { SessionCredentials } from './entities/session-credentials.entity.js';
import { SessionLease } from './entities/session-lease.entity.js';
import { SessionGrant } from './entities/session-grant.entity.js';
import { Session } from './entities/session.entity.js';
import { SignalKey } from './entities/signal-key.entity.js';
import { TenantStorage } from './entities/tenant-storage.entity.js';
import { Tenant } from './entities/tenant.entity.js';
import { User } from './entities/user.entity.js';
import { WaNewsletter } from './entities/wa-newsletter.entity.js';
import { WaContact } from './entities/wa-contact.entity.js';
import { WaGroup } from './entities/wa-group.entity.js';
import { WaIdentity } from './entities/wa-identity.entity.js';

/** Every table, in one list: the data source, the migrations and the structure tests read it. */
export const entities = [
  Tenant,
  User,
  AccountLimits,
  ApiToken,
  AuditEntry,
  Session,
  SessionGrant,
  SessionLease,
  SessionCommand,
  SessionCredentials,
  SignalKey,
  InboundJournal,
  WaIdentity,
  WaContact,
  WaGroup,
  GroupSync,
  Chat,
  Call,
  Label,
  LabelAssignment,
  WaNewsletter,
  NewsletterSync,
  HistorySync,
  Message,
  MessagePlaceholder,
  MessageUsage,
  MessageAnswer,
  MessageEdit,
  MessageReceipt,
  WaitingAction,
  Event,
  EventLogStart,
  EventSequence,
  Destination,
  BegunChat,
  DeliveryLane,
  Delivery,
  Replay,
  MediaFile,
  TenantStorage,
  FileUpload,
  FileDownload,
  NumberCheck,
];
