import {
  type CallButton,
  type CopyButton,
  type InteractiveButton,
  type Money,
  type PayItem,
  type PixButton,
  type PixKey,
  pixKeyTypes,
  type ReplyButton,
  type ReviewAndPayButton,
  type UrlButton,
} from '@app/platform/events/interactive-content.js';
import { Integer, Nested, OneOf, Text, UrlField } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import type { Union } from '@app/platform/http/union-body.js';

const MAX_ID = 256;
const MAX_LABEL = 60;
const MAX_ITEMS = 50;
const MAX_AMOUNT = 2_147_483_647;

export abstract class ButtonDto {
  @Text({ max: MAX_LABEL, description: 'What stands on the button.', example: 'Open the shop' }) label: string;

  abstract content(): InteractiveButton;
}

/** A button that need not be told apart from others. */
abstract class NamedButtonDto extends ButtonDto {
  @Text({ optional: true, max: MAX_ID }) id?: string;

  protected get named(): { id?: string; label: string } {
    return { ...(this.id && { id: this.id }), label: this.label };
  }
}

export class ReplyButtonDto extends ButtonDto {
  @OneOf(['reply']) type: 'reply';
  @Text({ max: MAX_ID, description: 'Comes back in the reply.', example: 'yes' }) id: string;

  content(): ReplyButton {
    return { type: 'reply', id: this.id, label: this.label };
  }
}

export class UrlButtonDto extends NamedButtonDto {
  @OneOf(['url']) type: 'url';
  @UrlField({ description: 'Opened on the phone; nothing is fetched here.', example: 'https://example.com/shop' })
  url: string;

  content(): UrlButton {
    return { type: 'url', ...this.named, url: this.url };
  }
}

export class CallButtonDto extends NamedButtonDto {
  @OneOf(['call']) type: 'call';
  @Text({
    max: 30,
    pattern: /^(?=(\D*\d){5})\+?[\d\s().-]{5,29}$/,
    allowed: 'a phone number with country code',
    example: '+6281234567890',
  })
  phone: string;

  content(): CallButton {
    return { type: 'call', ...this.named, phone: this.phone.replace(/\D/g, '') };
  }
}

export class CopyButtonDto extends NamedButtonDto {
  @OneOf(['copy']) type: 'copy';
  @Text({ max: 1024, description: 'Copied to the clipboard.', example: 'COUPON123' }) code: string;

  content(): CopyButton {
    return { type: 'copy', ...this.named, code: this.code };
  }
}

export class PixKeyDto {
  @Text({ max: 140, description: 'The PIX key.', example: 'pay@example.com' }) key: string;
  @OneOf(pixKeyTypes, { description: '`EVP` is a random key made by the bank.' }) keyType: PixKey['keyType'];
  @Text({ max: 100, example: 'Example Store' }) merchantName: string;
}

export class PixButtonDto extends NamedButtonDto {
  @OneOf(['pix']) type: 'pix';
  @Text({ max: 140, description: 'The PIX key.', example: 'pay@example.com' }) key: string;
  @OneOf(pixKeyTypes, { description: '`EVP` is a random key made by the bank.' }) keyType: PixKey['keyType'];
  @Text({ max: 100, example: 'Example Store' }) merchantName: string;

  content(): PixButton {
    const { key, keyType, merchantName } = this;
    return { type: 'pix', ...this.named, key, keyType, merchantName };
  }
}

export class MoneyDto implements Money {
  @Integer({ max: MAX_AMOUNT, description: 'In minor units.', example: 2599 }) value: number;
  @Integer({ optional: true, min: 1, max: 10_000, default: 100, description: 'How many minor units make one unit.' })
  offset: number = 100;

  static toContent(this: void, { value, offset }: MoneyDto): Money {
    return { value, offset };
  }
}

export class PayItemDto {
  @Text({ optional: true, max: MAX_ID }) id?: string;
  @Text({ max: 256, example: 'Headphones' }) name: string;
  @Integer({ min: 1, max: 1_000_000, example: 1 }) quantity: number;
  @Nested(() => MoneyDto) amount: MoneyDto;
}

export class ReviewAndPayButtonDto extends NamedButtonDto {
  @OneOf(['review-and-pay']) type: 'review-and-pay';
  @Text({ min: 3, max: 3, pattern: /^[A-Z]{3}$/, allowed: 'an ISO 4217 code', example: 'BRL' }) currency: string;
  @Text({ max: 100, example: 'ORDER-2024-001' }) referenceId: string;
  @Nested(() => MoneyDto) total: MoneyDto;
  @List({ of: () => PayItemDto, min: 1, max: MAX_ITEMS }) items: PayItemDto[];
  @Nested(() => PixKeyDto, { optional: true }) pix?: PixKeyDto;

  content(): ReviewAndPayButton {
    const { currency, referenceId, total, pix } = this;
    const items = this.items.map(({ id, name, quantity, amount }, index): PayItem => ({
      id: id ?? `item-${index + 1}`,
      name,
      quantity,
      amount: MoneyDto.toContent(amount),
    }));
    return {
      type: 'review-and-pay',
      ...this.named,
      currency,
      referenceId,
      total: MoneyDto.toContent(total),
      items,
      ...(pix && { pix: { ...pix } }),
    };
  }
}

/** The buttons of a `buttons` message. */
export const buttonKinds: Union<ButtonDto> = {
  field: 'type',
  classes: {
    reply: ReplyButtonDto,
    url: UrlButtonDto,
    call: CallButtonDto,
    copy: CopyButtonDto,
    pix: PixButtonDto,
    'review-and-pay': ReviewAndPayButtonDto,
  },
};

/** The buttons of a card. */
export const cardButtonKinds: Union<ButtonDto> = {
  field: 'type',
  classes: { reply: ReplyButtonDto, url: UrlButtonDto, call: CallButtonDto, copy: CopyButtonDto },
};
