import { ApiProperty } from '@nestjs/swagger';
import { FileSourceDto } from '@app/platform/http/file-body.js';
import { Decimal, Flag, Integer, Nested, Text, UrlField, WaId } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import type { Product, ProfileChanges } from '@app/whatsapp/api/business.js';
import { openingHours, OpeningHoursDto } from '../opening-hours.dto.js';
import type { DescribedProduct } from './business.service.js';

export class ProductParams {
  @Text({ max: 60 }) sessionId: string;
  @Text({ max: 60 }) productId: string;
}

export class OrderParams {
  @Text({ max: 60 }) sessionId: string;
  @Text({ max: 100 }) orderId: string;
}

export class UpdateBusinessProfileDto {
  @Text({ min: 0, max: 512, optional: true }) description?: string;
  @Text({ min: 0, max: 256, optional: true }) address?: string;
  @Text({ min: 0, max: 128, optional: true }) email?: string;
  @List({ max: 2, maxLength: 256, optional: true }) websites?: string[];
  @Nested(() => OpeningHoursDto, { optional: true }) hours?: OpeningHoursDto;

  changes(): ProfileChanges {
    const { hours, ...rest } = this;
    return JSON.parse(JSON.stringify({ ...rest, hours: hours && openingHours(hours) })) as ProfileChanges;
  }
}

export class CatalogQuery {
  @WaId({ optional: true, description: 'Whose; without it the own.' }) contactId?: string;
  @Integer({ min: 1, max: 100, optional: true, default: 50, description: 'Most items to return.' }) limit: number = 50;
  @Text({ max: 500, optional: true, description: '`nextCursor` of the page before.' }) cursor?: string;
}

export class CollectionsQuery {
  @WaId({ optional: true, description: 'Whose; without it the own.' }) contactId?: string;
  @Integer({ min: 1, max: 100, optional: true, default: 51, description: 'Most collections, and products in each.' })
  limit: number = 51;
}

export class OrderQuery {
  @Text({ max: 200, description: 'From the message that brought the order.' }) token: string;
}

const price = { min: 0, max: 1_000_000_000_000, description: 'In units of the currency.' };

export class UpdateProductDto {
  @Text({ max: 150, optional: true }) name?: string;
  @Text({ min: 0, max: 5000, optional: true }) description?: string;
  @Decimal({ ...price, optional: true }) price?: number;
  @Text({ max: 3, pattern: /^[A-Z]{3}$/, allowed: 'a currency such as IDR', optional: true, example: 'IDR' })
  currency?: string;
  @Text({ max: 100, optional: true, description: 'The own number of the product.' }) retailerId?: string;
  @UrlField({ optional: true }) url?: string;
  @Flag({ optional: true, description: 'Shown to nobody but the business itself.' }) isHidden?: boolean;
  @List({ of: () => FileSourceDto, max: 10, optional: true, description: 'Pictures; they become square.' })
  images?: FileSourceDto[];

  described(): DescribedProduct {
    const { images, ...rest } = this;
    const product = JSON.parse(JSON.stringify(rest)) as DescribedProduct;
    return { ...product, ...(images && { images: images.map((image) => image.source()) }) };
  }
}

export class CreateProductDto extends UpdateProductDto {
  @Text({ max: 150 }) declare name: string;
  @Decimal(price) declare price: number;
  @Text({ max: 3, pattern: /^[A-Z]{3}$/, allowed: 'a currency such as IDR', example: 'IDR' }) declare currency: string;
  @Text({
    max: 2,
    pattern: /^[A-Z]{2}$/,
    allowed: 'a country such as ID',
    optional: true,
    example: 'ID',
    description: 'Where it comes from; without it the product is exempt from saying so.',
  })
  originCountry?: string;
}

export class DeleteProductsQuery {
  @List({ min: 1, max: 100, maxLength: 60, description: 'Ids of the products to delete.' }) productIds: string[];
}

export class DeletedProductsDto {
  @ApiProperty({ description: 'How many of them there were.' }) deleted: number;
}

export class ProductDto {
  @ApiProperty() productId: string;
  @ApiProperty() name: string;
  @ApiProperty() description: string;
  @ApiProperty({ type: Number, nullable: true, description: 'In units of the currency.' }) price: number | null;
  @ApiProperty({ example: 'IDR' }) currency: string;
  @ApiProperty({ type: String, nullable: true }) retailerId: string | null;
  @ApiProperty({ type: String, nullable: true }) url: string | null;
  @ApiProperty({ type: String, nullable: true }) imageUrl: string | null;
  @ApiProperty() isHidden: boolean;
  @ApiProperty({ type: String, nullable: true, description: "In WhatsApp's words, such as `APPROVED`." })
  reviewStatus: string | null;

  static from(this: void, product: Product): ProductDto {
    return product;
  }
}

export class CollectionDto {
  @ApiProperty() collectionId: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: String, nullable: true }) reviewStatus: string | null;
  @ApiProperty({ type: [ProductDto] }) products: ProductDto[];
}

export class CollectionsDto {
  @ApiProperty({ type: [CollectionDto] }) items: CollectionDto[];
}

export class BusinessOrderItemDto {
  @ApiProperty() productId: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: Number, nullable: true }) price: number | null;
  @ApiProperty() currency: string;
  @ApiProperty() quantity: number;
  @ApiProperty({ type: String, nullable: true }) imageUrl: string | null;
}

export class OrderDto {
  @ApiProperty({ type: Number, nullable: true, description: 'In units of the currency.' }) total: number | null;
  @ApiProperty({ type: String, nullable: true }) currency: string | null;
  @ApiProperty({ type: [BusinessOrderItemDto] }) items: BusinessOrderItemDto[];
}
