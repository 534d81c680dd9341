import type { Union } from '@app/platform/http/union-body.js';
import { SendAlbumDto } from './album.dto.js';
import { SendContactsDto } from './contacts.dto.js';
import { SendEventDto } from './event.dto.js';
import { SendButtonsDto } from './interactive/buttons.dto.js';
import { SendCarouselDto } from './interactive/carousel.dto.js';
import { SendFlowDto } from './interactive/flow.dto.js';
import { SendListDto } from './interactive/list.dto.js';
import { SendGroupInviteDto, SendNewsletterInviteDto } from './invites.dto.js';
import { SendLiveLocationDto, SendLocationDto } from './location.dto.js';
import { fileTypes } from './media.dto.js';
import { SendPollDto } from './poll.dto.js';
import type { SendMessageDto } from './send-message.dto.js';
import { SendOrderDto, SendProductDto } from './shop.dto.js';
import { SendTextDto } from './text.dto.js';

/** Every message that can be sent, by `type`. */
export const sendableMessages: Union<SendMessageDto> = {
  field: 'type',
  classes: {
    text: SendTextDto,
    location: SendLocationDto,
    ...fileTypes,
    album: SendAlbumDto,
    'live-location': SendLiveLocationDto,
    contacts: SendContactsDto,
    poll: SendPollDto,
    event: SendEventDto,
    product: SendProductDto,
    order: SendOrderDto,
    'newsletter-invite': SendNewsletterInviteDto,
    'group-invite': SendGroupInviteDto,
    list: SendListDto,
    buttons: SendButtonsDto,
    flow: SendFlowDto,
    carousel: SendCarouselDto,
  },
};
