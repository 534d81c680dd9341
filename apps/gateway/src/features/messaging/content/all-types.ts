import type { Union } from '@app/platform/http/union-body.js';
import { SendLocationDto } from './location.dto.js';
import type { SendMessageDto } from './send-message.dto.js';
import { SendTextDto } from './text.dto.js';

/** Every message that can be sent, by `type`. */
export const sendableMessages: Union<SendMessageDto> = {
  field: 'type',
  classes: {
    text: SendTextDto,
    location: SendLocationDto,
  },
};
