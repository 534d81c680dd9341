import type { IqRouter } from '../routes/iq-router.js';
import { stanza } from '../wire/stanza.js';
import type { MediaStore } from './media-store.js';

/** Tells clients where to upload, with the leave to do so. */
export function routeMedia(router: IqRouter, media: MediaStore): void {
  router.on('set w:m media_conn', () => {
    const { host, maxBytes } = media.site;
    const hosts = [stanza('host', { hostname: host, type: 'primary', maxContentLengthBytes: maxBytes })];
    return [stanza('media_conn', { ...media.grant() }, hosts)];
  });
}
