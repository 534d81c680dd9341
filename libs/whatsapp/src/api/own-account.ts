import type { WASocket } from '@whiskeysockets/baileys';
import type { AppState } from './app-state.js';
import { PrivacyApi } from './privacy.js';
import { ProfileApi } from './profile.js';

/** What belongs to the linked account itself. */
export class OwnAccountApi {
  readonly privacy: PrivacyApi;
  readonly profile: ProfileApi;

  constructor(socket: WASocket, appState: AppState) {
    this.privacy = new PrivacyApi(socket);
    this.profile = new ProfileApi(socket, appState);
  }
}
