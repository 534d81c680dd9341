import { MediaFile } from '@app/database/entities/media-file.entity.js';
import { TenantStorage } from '@app/database/entities/tenant-storage.entity.js';
import { JobsModule } from '@app/platform/jobs/jobs.module.js';
import { MediaStorage } from '@app/platform/storage/media-storage.js';
import { sharedStorage } from '@app/platform/storage/media-storage.provider.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import { WhatsappModule } from '@app/whatsapp/whatsapp.module.js';
import { BullModule } from '@nestjs/bullmq';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesController } from './files.controller.js';
import { MediaIntakeService } from './media-intake.service.js';
import { MediaLinksService } from './media-links.service.js';
import { MediaSourcesService } from './media-sources.service.js';
import { MediaStoreService } from './media-store.service.js';
import { MEDIA_SWEEP_QUEUE, MediaSweepJob } from './media-sweep.job.js';
import { MediaSweeperService } from './media-sweeper.service.js';
import { MediaController } from './media.controller.js';
import { MediaService } from './media.service.js';
import { ProfilePicturesService } from './profile-pictures.service.js';
import { StorageController } from './storage.controller.js';
import { StorageService } from './storage.service.js';
import { RoutedStorage } from './routed-storage.js';
import { TenantStorageController } from './tenant-storage.controller.js';
import { TenantStoragesService } from './tenant-storages.service.js';
import { ThumbnailsService } from './thumbnails.service.js';
import { WaMediaService } from './wa-media.service.js';
import { FfmpegService } from './transcoding/ffmpeg.service.js';
import { TranscoderService } from './transcoding/transcoder.service.js';

/** The media library. */
@Module({
  imports: [
    WhatsappModule,
    TypeOrmModule.forFeature([MediaFile, TenantStorage]),
    JobsModule,
    BullModule.registerQueue({ name: MEDIA_SWEEP_QUEUE }),
  ],
  controllers: [MediaController, FilesController, StorageController, TenantStorageController],
  providers: [
    sharedStorage,
    TenantStoragesService,
    { provide: MediaStorage, useClass: RoutedStorage },
    Scratch,
    MediaIntakeService,
    MediaLinksService,
    MediaStoreService,
    MediaSourcesService,
    MediaSweeperService,
    MediaSweepJob,
    StorageService,
    FfmpegService,
    TranscoderService,
    MediaService,
    ProfilePicturesService,
    ThumbnailsService,
    WaMediaService,
  ],
  exports: [MediaService, MediaSourcesService, ProfilePicturesService, ThumbnailsService],
})
export class MediaModule implements OnApplicationShutdown {
  constructor(private readonly storage: MediaStorage) {}

  onApplicationShutdown(): void {
    this.storage.close();
  }
}
