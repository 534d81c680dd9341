import { invalid } from '@app/platform/errors/app-error.js';
import type { MessageContent } from '@app/platform/events/message-content.js';
import { Integer, OneOf, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { SendMessageDto } from './send-message.dto.js';

// WhatsApp's own limits.
const MAX_QUESTION = 255;
const MAX_OPTIONS = 12;
const MAX_OPTION = 100;

export class SendPollDto extends SendMessageDto {
  @OneOf(['poll']) type: 'poll';
  @Text({ max: MAX_QUESTION, example: 'Fish or soup?' }) question: string;
  @List({ min: 2, max: MAX_OPTIONS, maxLength: MAX_OPTION, example: ['fish', 'soup'] }) options: string[];
  @Integer({
    optional: true,
    max: MAX_OPTIONS,
    default: 1,
    description: 'How many options one person may choose; 0 for as many as there are.',
  })
  maxAnswers = 1;

  content(): MessageContent {
    const { question, options } = this;
    const repeated = options.findIndex((option, index) => options.indexOf(option) !== index);
    if (repeated >= 0)
      throw invalid('message.option-repeated', `/options/${repeated}`, 'Each option may stand there once.');
    if (this.maxAnswers > options.length)
      throw invalid('message.too-many-answers', '/maxAnswers', `There are ${options.length} options.`);
    return { type: 'poll', question, options, maxAnswers: this.maxAnswers || options.length };
  }
}
