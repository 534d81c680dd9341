import { applyDecorators, type Type as Class } from '@nestjs/common';
import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { plainToInstance, Transform } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Field, type FieldOptions, OneOf } from './fields.js';
import type { Union } from './union-body.js';

/** A list whose items are each one of several DTOs; which one, a field of the item says. */
export function UnionList<T extends object>(
  { field, classes }: Union<T>,
  { min = 0, max, ...options }: FieldOptions & { min?: number; max: number },
): PropertyDecorator {
  const models = Object.values(classes);
  const mapping = Object.fromEntries(Object.entries(classes).map(([value, type]) => [value, getSchemaPath(type)]));
  const oneOf = models.map((type) => ({ $ref: getSchemaPath(type) }));
  const size = min === 0 ? `at most ${max}` : `${min} to ${max}`;
  const unknown = unknownKind(field, Object.keys(classes));
  const read = (item: unknown): unknown => {
    if (!isObject(item)) return item;
    const kind = item[field];
    const known = typeof kind === 'string' && Object.hasOwn(classes, kind) ? classes[kind] : undefined;
    return known ? plainToInstance(known, item) : plainToInstance(unknown, { [field]: kind });
  };
  return applyDecorators(
    (target: object) => void ApiExtraModels(...models)(target.constructor),
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(read) : value)),
    Field(
      {
        type: 'array',
        items: { oneOf, discriminator: { propertyName: field, mapping } },
        minItems: min || undefined,
        maxItems: max,
      },
      {
        check: (value) =>
          Array.isArray(value) && value.length >= min && value.length <= max && value.every((item) => isObject(item)),
        message: `must be a list of ${size} objects`,
      },
      options,
    ),
    ValidateNested({ each: true, message: 'must be a list of objects' }),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A class that refuses what is none of the kinds, and says which there are. */
function unknownKind(field: string, kinds: string[]): Class<object> {
  class UnknownKind {}
  OneOf(kinds)(UnknownKind.prototype, field);
  return UnknownKind;
}
