import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import type { LinkPreview } from '@app/platform/events/content-shapes.js';
import { Field, OneOf, Text, UrlField } from '@app/platform/http/fields.js';
import { plainToInstance, Transform } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { given } from './given.js';

export class LinkPreviewDto {
  @UrlField({ description: 'The link as it stands in the text.' }) url: string;
  @Text({ max: 300, example: 'Daily bread' }) title: string;
  @Text({ optional: true, max: 1000 }) description?: string;
  @UrlField({ optional: true, description: 'A picture; left out when it cannot be had.' }) image?: string;

  content(): LinkPreview {
    const { url, title, description } = this;
    return given({ url, title, description });
  }
}

/** `auto` on its way through the validation. */
export class AutoLinkPreview {
  @OneOf(['auto']) mode = 'auto';
}

const read = (value: unknown): unknown => {
  if (value === false) return undefined;
  if (value === 'auto') return new AutoLinkPreview();
  return isObject(value) ? plainToInstance(LinkPreviewDto, value) : value;
};
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `false`, `auto`, or what is to be shown. */
export const LinkPreviewField = (): PropertyDecorator =>
  applyDecorators(
    (target: object) => void ApiExtraModels(LinkPreviewDto)(target.constructor),
    Transform(({ value }: { value: unknown }) => read(value)),
    Field(
      {
        oneOf: [
          { type: 'boolean', enum: [false] },
          { type: 'string', enum: ['auto'] },
          { $ref: getSchemaPath(LinkPreviewDto) },
        ],
      },
      { check: isObject, message: 'must be false, "auto" or an object' },
      {
        optional: true,
        description:
          'What is shown of a link: nothing (the default), what the page behind the first link says (`auto`; a page that does not answer means no preview), or this.',
      },
    ),
    ValidateNested({ message: 'must be false, "auto" or an object' }),
  );
