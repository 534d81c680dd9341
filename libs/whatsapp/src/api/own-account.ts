import type { WASocket } from '@whiskeysockets/baileys';
import type { ConnectionOptions } from '../connection-options.js';
import type { AppState } from './app-state.js';
import { CallsApi } from './calls.js';
import { PreKeysApi } from './pre-keys.js';
import { PresenceApi } from './presence.js';
import { PrivacyApi } from './privacy.js';
import { ProfileApi } from './profile.js';

/** What belongs to the linked account itself. */
export class OwnAccountApi {
  readonly calls: CallsApi;
  readonly preKeys: PreKeysApi;
  readonly presence: PresenceApi;
  readonly privacy: PrivacyApi;
  readonly profile: ProfileApi;

  constructor(socket: WASocket, appState: AppState, { isAvailable }: Pick<ConnectionOptions, 'isAvailable'>) {
    this.calls = new CallsApi(socket);
    this.preKeys = new PreKeysApi(socket);
    this.presence = new PresenceApi(socket, isAvailable);
    this.privacy = new PrivacyApi(socket);
    this.profile = new ProfileApi(socket, appState);
  }
}
