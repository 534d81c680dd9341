import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { Flag, Integer, Text, UrlField } from '@app/platform/http/fields.js';
import { Body, Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { type BucketSettings, type ShownBucket, TenantStoragesService } from './tenant-storages.service.js';

export class SetStorageDto {
  @Text({
    min: 3,
    max: 63,
    pattern: /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    description: 'Private, unless `publicUrl` is set.',
  })
  bucket: string;

  @Text({ max: 32, pattern: /^[a-z0-9-]+$/, optional: true, description: '`us-east-1` if left out.' })
  region?: string;

  @UrlField({ optional: true, nullable: true, description: 'Of a server other than Amazon’s.' })
  endpoint?: string | null;

  @Text({ max: 128 }) accessKey: string;

  @Text({ max: 256, description: 'Kept encrypted and never shown.' }) secretKey: string;

  @Text({
    min: 0,
    max: 200,
    pattern: /^([\w.-]+\/)*$/,
    optional: true,
    description: 'Before every key, as in `media/`.',
  })
  prefix?: string;

  @Flag({ optional: true, description: '`endpoint/bucket` in place of `bucket.endpoint`, as MinIO needs it.' })
  isPathStyle?: boolean;

  @UrlField({
    optional: true,
    nullable: true,
    description: 'Where everybody can read the bucket, such as a CDN: links to files lead there.',
  })
  publicUrl?: string | null;

  @Integer({
    min: 1,
    max: 36_500,
    optional: true,
    nullable: true,
    description: 'After their last use; null: as long as the installation keeps files.',
  })
  retentionDays?: number | null;

  static settings(this: void, dto: SetStorageDto): BucketSettings {
    const { bucket, accessKey, secretKey, region = 'us-east-1', prefix = '', isPathStyle = false } = dto;
    const { endpoint = null, publicUrl = null, retentionDays = null } = dto;
    return { bucket, region, endpoint, prefix, isPathStyle, publicUrl, retentionDays, accessKey, secretKey };
  }
}

export class TenantStorageDto {
  @ApiProperty() bucket: string;
  @ApiProperty() region: string;
  @ApiProperty({ type: String, nullable: true }) endpoint: string | null;
  @ApiProperty() prefix: string;
  @ApiProperty() isPathStyle: boolean;
  @ApiProperty({ type: String, nullable: true }) publicUrl: string | null;
  @ApiProperty({ type: 'integer', nullable: true }) retentionDays: number | null;
  @ApiProperty({ description: 'Its last four characters.' }) accessKey: string;
  @ApiProperty({ type: String, format: 'date-time' }) updatedAt: string;

  static from(this: void, storage: ShownBucket): TenantStorageDto {
    const { bucket, region, endpoint, prefix, isPathStyle, publicUrl, retentionDays, accessKey, updatedAt } = storage;
    const shown = { bucket, region, endpoint, prefix, isPathStyle, publicUrl, retentionDays };
    return { ...shown, accessKey: `…${accessKey.slice(-4)}`, updatedAt: updatedAt.toISOString() };
  }
}

@ApiTags('Account')
@Access('user', 'account')
@Controller('account/storage')
export class TenantStorageController {
  constructor(private readonly storages: TenantStoragesService) {}

  @Get()
  @Endpoint({
    summary: 'The bucket in which the files of the tenant are stored',
    returns: TenantStorageDto,
    fails: ['storage.not-found'],
  })
  async get(@CurrentActor() actor: Actor) {
    return TenantStorageDto.from(await this.storages.get(actor));
  }

  @Put()
  @Endpoint({
    summary: 'Have new files stored in a bucket of your own',
    description: 'The bucket is tried with a small object first. Files that are stored already stay where they are.',
    returns: TenantStorageDto,
    fails: ['invalid:storage.unusable', 'invalid:outbound.refused'],
  })
  async set(@CurrentActor() actor: Actor, @Body() input: SetStorageDto) {
    return TenantStorageDto.from(await this.storages.set(actor, SetStorageDto.settings(input)));
  }

  @Delete()
  @Endpoint({
    summary: 'Have new files stored where the installation keeps them',
    description: 'Files in the bucket can be read there until their time is up.',
    returns: null,
    fails: ['storage.not-found'],
  })
  async remove(@CurrentActor() actor: Actor): Promise<void> {
    await this.storages.remove(actor);
  }

  @Post('check')
  @Endpoint({
    summary: 'Try the bucket',
    description: 'Stores, reads and removes a small object.',
    returns: null,
    fails: ['storage.not-found', 'invalid:storage.unusable', 'invalid:outbound.refused'],
  })
  async check(@CurrentActor() actor: Actor): Promise<void> {
    await this.storages.check(actor);
  }
}
