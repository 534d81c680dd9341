import type { FlowContent } from '@app/platform/events/interactive-content.js';
import { Integer, OneOf, Text } from '@app/platform/http/fields.js';
import { JsonObject } from '@app/platform/http/json.field.js';
import { List } from '@app/platform/http/list.field.js';
import { headed } from './header.dto.js';
import { SendWithHeaderDto } from './interactive.dto.js';

const MAX_BUTTONS = 10;
const MAX_PARAMS = 16_384;

export class FlowButtonDto {
  @Text({ max: 100, description: 'What kind of button it is, as WhatsApp calls it.', example: 'flow' }) name: string;
  @JsonObject({
    maxBytes: MAX_PARAMS,
    description: 'What the button does, in the spelling of WhatsApp.',
    example: { display_text: 'Book', flow_id: '123456789', flow_token: 'ABC123', mode: 'published' },
  })
  params: Record<string, unknown>;
}

export class SendFlowDto extends SendWithHeaderDto {
  @OneOf(['flow']) type: 'flow';
  @Integer({ optional: true, min: 1, max: 100, default: 3, description: 'Version of the native flow message.' })
  version: number = 3;
  @JsonObject({ optional: true, maxBytes: MAX_PARAMS, description: 'Parameters of the message as a whole.' })
  params?: Record<string, unknown>;
  @List({ of: () => FlowButtonDto, min: 1, max: MAX_BUTTONS }) buttons: FlowButtonDto[];

  protected interactive(): FlowContent {
    const { text, footer, version, params } = this;
    return {
      type: 'flow',
      text,
      ...(footer && { footer }),
      ...headed(this.header),
      version,
      ...(params && { params }),
      buttons: this.buttons.map(({ name, params }) => ({ name, params })),
    };
  }
}
