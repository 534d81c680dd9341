import type { ButtonsContent, InteractiveStyle } from '@app/platform/events/interactive-content.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { OneOf } from '@app/platform/http/fields.js';
import { UnionList } from '@app/platform/http/union-list.field.js';
import { type ButtonDto, buttonKinds } from './button.dto.js';
import { headed } from './header.dto.js';
import { SendWithHeaderDto, Style } from './interactive.dto.js';

const MAX_BUTTONS = 10;
const MAX_CLASSIC = 3;
const CLASSIC_KINDS = new Set(['reply', 'url', 'call']);

export class SendButtonsDto extends SendWithHeaderDto {
  @OneOf(['buttons']) type: 'buttons';
  @Style('native') style: InteractiveStyle = 'native';
  @UnionList(buttonKinds, { min: 1, max: MAX_BUTTONS }) buttons: ButtonDto[];

  protected interactive(): ButtonsContent {
    const { style, text, footer } = this;
    const buttons = this.buttons.map((button) => button.content());
    const content = { style, text, ...(footer && { footer }), ...headed(this.header), buttons };
    if (style === 'classic') assertClassic(content);
    assertAlone(content);
    return { type: 'buttons', ...content };
  }
}

type Checked = Omit<ButtonsContent, 'type'>;

function assertClassic({ buttons, header }: Checked): void {
  const other = buttons.findIndex(({ type }) => !CLASSIC_KINDS.has(type));
  if (other >= 0)
    throw invalid(
      'message.style-unsupported',
      `/buttons/${other}/type`,
      'Classic messages have reply, url and call buttons alone; use the style "native".',
    );
  if (buttons.length > MAX_CLASSIC)
    throw invalid('message.too-many-buttons', '/buttons', `Classic messages have ${MAX_CLASSIC} buttons at most.`);
  if (header?.subtitle)
    throw invalid('message.style-unsupported', '/header/subtitle', 'Classic messages have no subtitle.');
  if (header?.media && header.title)
    throw invalid('message.style-unsupported', '/header/title', 'Classic messages have a title or a file, not both.');
}

/** WhatsApp marks a message with a payment button as such as a whole. */
function assertAlone({ buttons }: Checked): void {
  const payment = buttons.findIndex(({ type }) => type === 'pix' || type === 'review-and-pay');
  if (payment >= 0 && buttons.length > 1)
    throw invalid(
      'message.button-not-alone',
      `/buttons/${payment}`,
      'A payment button (pix, review-and-pay) must be the only button of its message.',
    );
}
