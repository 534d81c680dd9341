import { EventLogStart } from '@app/database/entities/event-log-start.entity.js';
import { EventSequence } from '@app/database/entities/event-sequence.entity.js';
import { Event } from '@app/database/entities/event.entity.js';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventFeedService } from './event-feed.service.js';
import { EventFollowersService } from './event-followers.service.js';
import { EventLogService } from './event-log.service.js';
import { EventSocketsService } from './event-sockets.service.js';
import { EventViewsService } from './event-views.service.js';
import { EventsStreamController } from './events-stream.controller.js';
import { EventsController } from './events.controller.js';
import { EventsService } from './events.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Event, EventLogStart, EventSequence])],
  // The streams first: their paths would be ids of events.
  controllers: [EventsStreamController, EventsController],
  providers: [
    EventFeedService,
    EventFollowersService,
    EventLogService,
    EventSocketsService,
    EventsService,
    EventViewsService,
  ],
  exports: [EventFeedService, EventsService],
})
export class EventsModule {}
