import type { Union } from '@app/platform/http/union-body.js';
import { SendButtonsDto } from './interactive/buttons.dto.js';
import { SendCarouselDto } from './interactive/carousel.dto.js';
import { SendFlowDto } from './interactive/flow.dto.js';
import { SendListDto } from './interactive/list.dto.js';
import { SendLocationDto } from './location.dto.js';
import { fileTypes } from './media.dto.js';
import type { SendMessageDto } from './send-message.dto.js';
import { SendTextDto } from './text.dto.js';

/** Every message that can be sent, by `type`. */
export const sendableMessages: Union<SendMessageDto> = {
  field: 'type',
  classes: {
    text: SendTextDto,
    location: SendLocationDto,
    ...fileTypes,
    list: SendListDto,
    buttons: SendButtonsDto,
    flow: SendFlowDto,
    carousel: SendCarouselDto,
  },
};
