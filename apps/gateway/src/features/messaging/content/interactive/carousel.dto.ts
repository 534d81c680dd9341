import type { CarouselCard, CarouselContent } from '@app/platform/events/interactive-content.js';
import { Nested, OneOf, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { UnionList } from '@app/platform/http/union-list.field.js';
import { type ButtonDto, cardButtonKinds } from './button.dto.js';
import type { FileOrder } from '../../files/file-order.js';
import { headed, headerFiles, InteractiveHeaderDto } from './header.dto.js';
import { MAX_SMALL, SendInteractiveDto } from './interactive.dto.js';

const MAX_CARDS = 10;
const MAX_BUTTONS = 3;
const MAX_CARD_TEXT = 1024;

export class CarouselCardDto {
  @Text({ max: MAX_CARD_TEXT, example: 'Headphones, 299.99' }) text: string;
  @Text({ optional: true, max: MAX_SMALL }) footer?: string;
  @Nested(() => InteractiveHeaderDto, { optional: true }) header?: InteractiveHeaderDto;
  @UnionList(cardButtonKinds, { min: 1, max: MAX_BUTTONS }) buttons: ButtonDto[];

  static toContent(this: void, { text, footer, header, buttons }: CarouselCardDto): CarouselCard {
    return {
      text,
      ...(footer && { footer }),
      ...headed(header),
      buttons: buttons.map((button) => button.content()),
    };
  }
}

export class SendCarouselDto extends SendInteractiveDto {
  @OneOf(['carousel']) type: 'carousel';
  @List({ of: () => CarouselCardDto, min: 1, max: MAX_CARDS }) cards: CarouselCardDto[];

  protected interactive(): CarouselContent {
    const { text, footer } = this;
    return { type: 'carousel', text, ...(footer && { footer }), cards: this.cards.map(CarouselCardDto.toContent) };
  }

  protected override shownFiles(): FileOrder[] {
    return this.cards.flatMap(({ header }, index) => headerFiles(header, `/cards/${index}`, index));
  }
}
