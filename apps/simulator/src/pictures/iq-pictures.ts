import type { IqRouter } from '../routes/iq-router.js';
import type { Protocol } from '../routes/iq-usync.js';
import { contentBytes, stanza } from '../wire/stanza.js';
import type { PictureService } from './picture-service.js';

/** What clients ask about pictures of people and groups, and how they change those they may change. */
export function routePictures(
  router: IqRouter,
  lookups: Map<string, Protocol>,
  service: PictureService,
): PictureService {
  lookups.set('picture', (account, viewer) => service.mention(account, viewer));
  router.on('get w:profile:picture picture', ({ account }, { attrs }, iq) => {
    const { id, image, preview } = service.show(account, iq.attrs.target);
    const type = attrs.type === 'image' ? 'image' : 'preview';
    const { url, directPath } = type === 'image' ? image : preview;
    return [stanza('picture', { id, type, url, direct_path: directPath })];
  });
  router.on('set w:profile:picture picture', async (from, body, iq) => {
    const owner = service.editable(from.account, iq.attrs.target);
    const { id } = await service.change(owner, from.account, contentBytes(body), from);
    return [stanza('picture', { id })];
  });
  router.on('set w:profile:picture none', (from, _body, iq) => {
    service.remove(service.editable(from.account, iq.attrs.target), from.account, from);
  });
  return service;
}
