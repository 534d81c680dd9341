import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import type { Actor } from '@app/platform/auth/actor.js';
import { CurrentActor } from '@app/platform/auth/current-actor.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { LargeBody } from '@app/platform/http/large-body.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { needsWhatsApp } from '../../sessions/session-commands.service.js';
import { BusinessProfileDto } from '../contact-infos.dto.js';
import {
  CatalogQuery,
  CollectionsDto,
  CollectionsQuery,
  CreateProductDto,
  DeletedProductsDto,
  DeleteProductsQuery,
  OrderDto,
  OrderParams,
  OrderQuery,
  ProductDto,
  ProductParams,
  UpdateBusinessProfileDto,
  UpdateProductDto,
} from './business.dto.js';
import { BusinessService } from './business.service.js';
import { pictureFails } from '../../media/profile-pictures.service.js';

const ownBusiness = [...needsWhatsApp, 'forbidden:business.not-a-business'];
const shows = [...needsWhatsApp, 'business.not-found', 'invalid:contact.not-a-person'];
const sells = [...ownBusiness, ...pictureFails, 'unavailable:media.upload-failed', 'invalid:product.refused'];

@ApiTags('Business')
@Access('user', 'contacts')
@Controller('sessions/:sessionId/business')
export class BusinessController {
  constructor(private readonly business: BusinessService) {}

  @Get('profile')
  @Endpoint({ summary: 'Get the business profile of the account', returns: BusinessProfileDto, fails: ownBusiness })
  async profile(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string) {
    return BusinessProfileDto.from(await this.business.profile(actor, sessionId));
  }

  @Patch('profile')
  @Endpoint({
    summary: 'Change the business profile of the account; what is left out stays',
    returns: BusinessProfileDto,
    fails: ownBusiness,
  })
  async updateProfile(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() body: UpdateBusinessProfileDto,
  ) {
    return BusinessProfileDto.from(await this.business.updateProfile(actor, sessionId, body.changes()));
  }

  @Get('catalog')
  @Endpoint({ summary: 'List the products of a business, or the own', returns: ProductDto, list: true, fails: shows })
  async catalog(@CurrentActor() actor: Actor, @Param('sessionId') sessionId: string, @Query() query: CatalogQuery) {
    return mapPage(await this.business.catalog(actor, sessionId, query), ProductDto.from);
  }

  @Get('collections')
  @Endpoint({ summary: 'List the collections of a business, or the own', returns: CollectionsDto, fails: shows })
  async collections(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Query() { contactId, limit }: CollectionsQuery,
  ): Promise<CollectionsDto> {
    return { items: await this.business.collections(actor, sessionId, contactId, limit) };
  }

  @Post('products')
  @LargeBody()
  @Endpoint({ summary: 'Add a product to the own catalog', returns: ProductDto, status: 201, fails: sells })
  async createProduct(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Body() body: CreateProductDto,
  ) {
    return ProductDto.from(await this.business.createProduct(actor, sessionId, body.described()));
  }

  @Delete('products')
  @Endpoint({
    summary: 'Delete several products of the own catalog',
    returns: DeletedProductsDto,
    fails: [...ownBusiness, 'product.not-found'],
  })
  async deleteProducts(
    @CurrentActor() actor: Actor,
    @Param('sessionId') sessionId: string,
    @Query() { productIds }: DeleteProductsQuery,
  ): Promise<DeletedProductsDto> {
    return { deleted: await this.business.deleteProducts(actor, sessionId, productIds) };
  }

  @Patch('products/:productId')
  @LargeBody()
  @Endpoint({
    summary: 'Change a product of the own catalog; what is left out stays',
    returns: ProductDto,
    fails: [...sells, 'product.not-found'],
  })
  async updateProduct(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, productId }: ProductParams,
    @Body() body: UpdateProductDto,
  ) {
    return ProductDto.from(await this.business.updateProduct(actor, sessionId, productId, body.described()));
  }

  @Get('orders/:orderId')
  @Endpoint({
    summary: 'Get what was ordered',
    returns: OrderDto,
    fails: [...needsWhatsApp, 'order.not-found', 'forbidden:order.wrong-token'],
  })
  async order(
    @CurrentActor() actor: Actor,
    @Param() { sessionId, orderId }: OrderParams,
    @Query() { token }: OrderQuery,
  ): Promise<OrderDto> {
    return this.business.order(actor, sessionId, orderId, token);
  }
}
