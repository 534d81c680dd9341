import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { NewsletterSync } from '@app/database/entities/newsletter-sync.entity.js';
import { WaNewsletter } from '@app/database/entities/wa-newsletter.entity.js';
import { MediaModule } from '../media/media.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { NewsletterEventsService } from './newsletter-events.service.js';
import { NewsletterFollowingController } from './newsletter-following.controller.js';
import { NewsletterInvitesController } from './newsletter-invites.controller.js';
import { NewsletterLiveService } from './newsletter-live.service.js';
import { NewsletterOrdersService } from './newsletter-orders.service.js';
import { NewsletterPicturesController } from './newsletter-pictures.controller.js';
import { NewsletterPostsController } from './newsletter-posts.controller.js';
import { NewsletterPostsService } from './newsletter-posts.service.js';
import { NewsletterStoreService } from './newsletter-store.service.js';
import { NewsletterTrafficService } from './newsletter-traffic.service.js';
import { NewslettersController } from './newsletters.controller.js';
import { NewslettersService } from './newsletters.service.js';

/** Newsletters: those that accounts follow and run. */
@Module({
  imports: [TypeOrmModule.forFeature([WaNewsletter, NewsletterSync]), SessionsModule, MessagingModule, MediaModule],
  controllers: [
    NewslettersController,
    NewsletterFollowingController,
    NewsletterInvitesController,
    NewsletterPostsController,
    NewsletterPicturesController,
  ],
  providers: [
    NewslettersService,
    NewsletterOrdersService,
    NewsletterStoreService,
    NewsletterEventsService,
    NewsletterTrafficService,
    NewsletterLiveService,
    NewsletterPostsService,
  ],
  exports: [NewslettersService],
})
export class NewslettersModule {}
