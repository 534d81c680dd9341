import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '@app/platform/auth/actor.js';
import { conflict, invalid } from '@app/platform/errors/app-error.js';
import type { Page } from '@app/platform/http/page.js';
import type { BusinessProfile } from '@app/whatsapp/api/business-profile.js';
import type { Collection, OrderDetails, Product, ProductChanges, ProfileChanges } from '@app/whatsapp/api/business.js';
import type { MediaSource } from '@app/platform/media/media-kind.js';
import { ProfilePicturesService } from '../../media/profile-pictures.service.js';
import { command, SessionCommandsService } from '../../sessions/session-commands.service.js';
import { ContactPeopleService } from '../contact-people.service.js';

interface WantedCatalog {
  waId: string | null;
  limit: number;
  cursor?: string;
}

/** A product as it is described; its pictures are still to be had. */
export type DescribedProduct = Omit<ProductChanges, 'images'> & { images?: MediaSource[] };

const getProfile = command<null, BusinessProfile | null>('business.profile');
const updateProfile = command<ProfileChanges>('business.update-profile');
const getCatalog = command<WantedCatalog, { products: Product[]; nextCursor: string | null }>('business.catalog');
const getCollections = command<{ waId: string | null; limit: number }, Collection[]>('business.collections');
const createProduct = command<ProductChanges, Product>('business.create-product');
const updateProduct = command<{ productId: string; changes: ProductChanges }, Product>('business.update-product');
const deleteProducts = command<{ productIds: string[] }, number>('business.delete-products');
const getOrder = command<{ orderId: string; token: string }, OrderDetails>('business.order');

/** The account as a business, and what businesses sell. Nothing of it is stored here. */
@Injectable()
export class BusinessService implements OnModuleInit {
  constructor(
    private readonly people: ContactPeopleService,
    private readonly pictures: ProfilePicturesService,
    private readonly commands: SessionCommandsService,
  ) {}

  onModuleInit(): void {
    const { commands } = this;
    commands.on(getProfile, ({ business }) => business.profile(null));
    commands.on(updateProfile, ({ business }, changes) => business.updateProfile(changes));
    commands.on(getCatalog, ({ business }, { waId, ...page }) => business.catalog(waId, page));
    commands.on(getCollections, ({ business }, { waId, limit }) => business.collections(waId, limit));
    commands.on(createProduct, ({ business }, product) => business.createProduct(product));
    commands.on(updateProduct, ({ business }, { productId, changes }) => business.updateProduct(productId, changes));
    commands.on(deleteProducts, ({ business }, { productIds }) => business.deleteProducts(productIds));
    commands.on(getOrder, ({ business }, { orderId, token }) => business.order(orderId, token));
  }

  /** The own one. Throws `business.not-a-business`. */
  async profile(actor: Actor, sessionId: string): Promise<BusinessProfile> {
    const profile = await this.commands.run(actor, sessionId, getProfile, null);
    if (!profile) throw conflict('business.not-a-business', 'The account is no business.');
    return profile;
  }

  async updateProfile(actor: Actor, sessionId: string, changes: ProfileChanges): Promise<BusinessProfile> {
    await this.commands.run(actor, sessionId, updateProfile, changes);
    return this.profile(actor, sessionId);
  }

  /** The own one without a contact. */
  async catalog(
    actor: Actor,
    sessionId: string,
    { contactId, limit, cursor }: { contactId?: string; limit: number; cursor?: string },
  ): Promise<Page<Product>> {
    const waId = await this.sellerOf(actor, sessionId, contactId);
    const { products, nextCursor } = await this.commands.run(actor, sessionId, getCatalog, { waId, limit, cursor });
    return { items: products, nextCursor };
  }

  async collections(actor: Actor, sessionId: string, contactId: string | undefined, limit: number) {
    const waId = await this.sellerOf(actor, sessionId, contactId);
    return this.commands.run(actor, sessionId, getCollections, { waId, limit });
  }

  async createProduct(actor: Actor, sessionId: string, product: DescribedProduct): Promise<Product> {
    return this.commands.run(actor, sessionId, createProduct, await this.withPictures(actor, sessionId, product));
  }

  async updateProduct(actor: Actor, sessionId: string, productId: string, product: DescribedProduct): Promise<Product> {
    const changes = await this.withPictures(actor, sessionId, product);
    return this.commands.run(actor, sessionId, updateProduct, { productId, changes });
  }

  /** How many of them there were. */
  async deleteProducts(actor: Actor, sessionId: string, productIds: string[]): Promise<number> {
    return this.commands.run(actor, sessionId, deleteProducts, { productIds });
  }

  async order(actor: Actor, sessionId: string, orderId: string, token: string): Promise<OrderDetails> {
    return this.commands.run(actor, sessionId, getOrder, { orderId, token });
  }

  private async sellerOf(actor: Actor, sessionId: string, contactId: string | undefined): Promise<string | null> {
    return contactId === undefined ? null : (await this.people.get(actor, sessionId, contactId)).waId;
  }

  private async withPictures(
    actor: Actor,
    sessionId: string,
    { images, ...product }: DescribedProduct,
  ): Promise<ProductChanges> {
    await this.people.find(actor, sessionId, []);
    if (!images) return product;
    const made: string[] = [];
    for (const [index, image] of images.entries()) {
      if (!image.url && !image.data && !image.mediaId)
        throw invalid('media.one-source', `/images/${index}`, 'must have one of url, data and mediaId');
      made.push((await this.pictures.make(actor, image)).toString('base64'));
    }
    return { ...product, images: made };
  }
}
