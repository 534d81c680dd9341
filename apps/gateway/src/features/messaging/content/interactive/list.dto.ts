import type { InteractiveStyle, ListContent, ListRow, ListSection } from '@app/platform/events/interactive-content.js';
import { invalid } from '@app/platform/errors/app-error.js';
import { OneOf, Text } from '@app/platform/http/fields.js';
import { List } from '@app/platform/http/list.field.js';
import { SendInteractiveDto, Style } from './interactive.dto.js';

// WhatsApp's own limits; phones cut off or refuse what is longer.
const MAX_SECTIONS = 10;
const MAX_ROWS = 10;
const MAX_TITLE = 60;
const MAX_BUTTON = 20;
const MAX_ROW_TITLE = 24;
const MAX_DESCRIPTION = 72;

export class ListRowDto {
  @Text({ max: 200, description: 'Comes back in the reply; each row has its own.', example: 'basic' }) id: string;
  @Text({ max: MAX_ROW_TITLE, example: 'Basic plan' }) title: string;
  @Text({ optional: true, max: MAX_DESCRIPTION }) description?: string;

  static toContent(this: void, { id, title, description }: ListRowDto): ListRow {
    return { id, title, ...(description && { description }) };
  }
}

export class ListSectionDto {
  @Text({ optional: true, max: MAX_ROW_TITLE, description: 'Needed when there are several sections.' }) title?: string;
  @List({ of: () => ListRowDto, min: 1, max: MAX_ROWS }) rows: ListRowDto[];
}

export class SendListDto extends SendInteractiveDto {
  @OneOf(['list']) type: 'list';
  @Style('classic') style: InteractiveStyle = 'classic';
  @Text({ optional: true, max: MAX_TITLE }) title?: string;
  @Text({ optional: true, max: MAX_TITLE, description: 'Small print below the text.' }) override footer?: string;
  @Text({ max: MAX_BUTTON, description: 'On the button that opens the list.', example: 'Choose' }) buttonText: string;
  @List({ of: () => ListSectionDto, min: 1, max: MAX_SECTIONS }) sections: ListSectionDto[];

  protected interactive(): ListContent {
    this.assertOrder();
    const { style, text, title, footer, buttonText } = this;
    const sections = this.sections.map(({ title, rows }): ListSection => ({
      ...(title && { title }),
      rows: rows.map(ListRowDto.toContent),
    }));
    return { type: 'list', style, text, ...(title && { title }), ...(footer && { footer }), buttonText, sections };
  }

  /** Each row has an id of its own, and each of several sections a title. */
  private assertOrder(): void {
    const seen = new Set<string>();
    for (const [s, { title, rows }] of this.sections.entries()) {
      if (this.sections.length > 1 && !title)
        throw invalid('message.section-untitled', `/sections/${s}/title`, 'Each of several sections needs a title.');
      for (const [r, { id }] of rows.entries()) {
        if (seen.has(id))
          throw invalid('message.row-repeated', `/sections/${s}/rows/${r}/id`, 'Each row needs an id of its own.');
        seen.add(id);
      }
    }
  }
}
