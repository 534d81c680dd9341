import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FileDownload } from '@app/database/entities/file-download.entity.js';
import { FileUpload } from '@app/database/entities/file-upload.entity.js';
import { BegunChat } from '@app/database/entities/begun-chat.entity.js';
import { MessagePlaceholder } from '@app/database/entities/message-placeholder.entity.js';
import { MessageUsage } from '@app/database/entities/message-usage.entity.js';
import { Message } from '@app/database/entities/message.entity.js';
import { NumberCheck } from '@app/database/entities/number-check.entity.js';
import { MessageEdit } from '@app/database/entities/message-edit.entity.js';
import { MessageReceipt } from '@app/database/entities/message-receipt.entity.js';
import { WaIdentity } from '@app/database/entities/wa-identity.entity.js';
import { WhatsappModule } from '@app/whatsapp/whatsapp.module.js';
import { MediaModule } from '../media/media.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ChatMessagesService } from './chat-messages.service.js';
import { DownloadQueueService } from './files/download-queue.service.js';
import { DownloadService } from './files/download.service.js';
import { FileDownloadsService } from './files/file-downloads.service.js';
import { FileUploadsService } from './files/file-uploads.service.js';
import { MessageFilesController } from './files/message-files.controller.js';
import { MessageFilesService } from './files/message-files.service.js';
import { ReuploadsService } from './files/reuploads.service.js';
import { UploadsService } from './files/uploads.service.js';
import { IdentitiesService } from './identities.service.js';
import { ChatTimersService } from './chat-timers.service.js';
import { LinkPreviewsService } from './link-previews.service.js';
import { LookupsService } from './lookups.service.js';
import { MessageAcceptanceService } from './message-acceptance.service.js';
import { MessageFormsService } from './message-forms.service.js';
import { MessageCompletionService } from './message-completion.service.js';
import { MessageComposerService } from './message-composer.service.js';
import { MessageAcksService } from './message-acks.service.js';
import { MessageListService } from './message-list.service.js';
import { MessageMarksService } from './message-marks.service.js';
import { MessageMediaService } from './message-media.service.js';
import { MessageProjectionsService } from './message-projections.service.js';
import { MessageReceiptsService } from './message-receipts.service.js';
import { MessageReceiverService } from './message-receiver.service.js';
import { MessageResendService } from './message-resend.service.js';
import { MessageSettlementService } from './message-settlement.service.js';
import { MessageSenderService } from './message-sender.service.js';
import { MessageStatusesService } from './message-statuses.service.js';
import { MessageStoreService } from './message-store.service.js';
import { MessageTargetsService } from './message-targets.service.js';
import { MessageTrafficService } from './message-traffic.service.js';
import { MessageWatchdogService } from './message-watchdog.service.js';
import { MessagesController } from './messages.controller.js';
import { MessagesService } from './messages.service.js';
import { NoticesService } from './notices.service.js';
import { AwaitedAnswersService } from './pace/awaited-answers.service.js';
import { PaceForecastService } from './pace/pace-forecast.service.js';
import { PacedLineService } from './pace/paced-line.service.js';
import { PacedQueueService } from './pace/paced-queue.service.js';
import { RegimesService } from './pace/regimes.service.js';
import { QuotaService } from './quota.service.js';
import { SessionHealthController } from './session-health.controller.js';
import { SessionHealthService } from './session-health.service.js';
import { SendingHabitsService } from './sending-habits.service.js';
import { StatusAudiencesService } from './status-audiences.service.js';
import { StatusMentionsService } from './status-mentions.service.js';
import { PlaceholdersService } from './placeholders.service.js';

/** Messages in and out. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      BegunChat,
      FileDownload,
      FileUpload,
      Message,
      MessageEdit,
      MessagePlaceholder,
      MessageReceipt,
      MessageUsage,
      NumberCheck,
      WaIdentity,
    ]),
    SessionsModule,
    LimitsModule,
    MediaModule,
    WhatsappModule,
  ],
  controllers: [MessagesController, SessionHealthController, MessageFilesController],
  providers: [
    MessagesService,
    ChatMessagesService,
    MessageAcceptanceService,
    MessageComposerService,
    MessageCompletionService,
    MessageFormsService,
    ChatTimersService,
    LinkPreviewsService,
    LookupsService,
    MessageAcksService,
    MessageListService,
    MessageMarksService,
    MessageMediaService,
    MessageProjectionsService,
    NoticesService,
    MessageResendService,
    MessageStoreService,
    MessageTargetsService,
    MessageSenderService,
    MessageSettlementService,
    MessageStatusesService,
    MessageReceiptsService,
    MessageReceiverService,
    MessageTrafficService,
    MessageWatchdogService,
    IdentitiesService,
    AwaitedAnswersService,
    PaceForecastService,
    PacedLineService,
    PlaceholdersService,
    QuotaService,
    SessionHealthService,
    StatusAudiencesService,
    StatusMentionsService,
    PacedQueueService,
    RegimesService,
    SendingHabitsService,
    UploadsService,
    FileDownloadsService,
    DownloadQueueService,
    DownloadService,
    ReuploadsService,
    MessageFilesService,
    FileUploadsService,
  ],
  exports: [
    MessagesService,
    ChatMessagesService,
    ChatTimersService,
    IdentitiesService,
    LookupsService,
    MessageAcceptanceService,
    MessageMarksService,
    MessageMediaService,
    MessageProjectionsService,
    MessageResendService,
    MessageTargetsService,
    NoticesService,
    StatusAudiencesService,
    MessageStoreService,
    MessageListService,
  ],
})
export class MessagingModule {}
