import { Module } from '@nestjs/common';
import { MediaModule } from '../media/media.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ProfileController } from './profile.controller.js';
import { ProfileService } from './profile.service.js';

/** What the linked account shows of itself. */
@Module({ imports: [MediaModule, SessionsModule], controllers: [ProfileController], providers: [ProfileService] })
export class ProfileModule {}
