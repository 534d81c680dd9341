import { join } from 'node:path';
import { MediaFile } from '@app/database/entities/media-file.entity.js';
import { Config } from '@app/platform/config/config.js';
import { DiskStorage } from '@app/platform/storage/disk-storage.js';
import { MediaStorage } from '@app/platform/storage/media-storage.js';
import { Scratch } from '@app/platform/storage/scratch.js';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FilesController } from './files.controller.js';
import { MediaIntakeService } from './media-intake.service.js';
import { MediaLinksService } from './media-links.service.js';
import { MediaStoreService } from './media-store.service.js';
import { FfmpegService } from './transcoding/ffmpeg.service.js';
import { TranscoderService } from './transcoding/transcoder.service.js';
import { MediaController } from './media.controller.js';
import { MediaService } from './media.service.js';

/** The media library. */
@Module({
  imports: [TypeOrmModule.forFeature([MediaFile])],
  controllers: [MediaController, FilesController],
  providers: [
    {
      provide: MediaStorage,
      useFactory: ({ dataDir }: Config) => new DiskStorage(join(dataDir, 'media')),
      inject: [Config],
    },
    Scratch,
    MediaIntakeService,
    MediaLinksService,
    MediaStoreService,
    FfmpegService,
    TranscoderService,
    MediaService,
  ],
  exports: [MediaService],
})
export class MediaModule {}
