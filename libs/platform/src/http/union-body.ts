import { applyDecorators, Body, type ArgumentMetadata, type PipeTransform, type Type as Class } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { AppError } from '../errors/app-error.js';
import { InputPipe } from './input.pipe.js';

/** The classes that a body may be, by the value of one field. */
export interface Union<T extends object> {
  field: string;
  classes: Record<string, Class<T>>;
}

/** The body of a request that is one of several DTOs; which one, a field of it says. */
export const UnionBody = <T extends object>(union: Union<T>): ParameterDecorator => Body(new UnionPipe(union));

/** Documents such a body; to be put on the route. */
export function AcceptsUnion<T extends object>({ field, classes }: Union<T>): MethodDecorator {
  const names = Object.entries(classes);
  const mapping = Object.fromEntries(names.map(([value, type]) => [value, getSchemaPath(type)]));
  return applyDecorators(
    ApiExtraModels(...names.map(([, type]) => type)),
    ApiBody({
      schema: {
        oneOf: names.map(([, type]) => ({ $ref: getSchemaPath(type) })),
        discriminator: { propertyName: field, mapping },
      },
    }),
  );
}

/** Checks such a body. */
export class UnionPipe<T extends object> implements PipeTransform {
  private readonly input = new InputPipe();

  constructor(private readonly union: Union<T>) {}

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { field, classes } = this.union;
    const given = (Object(value) as Record<string, unknown>)[field];
    const metatype = typeof given === 'string' && Object.hasOwn(classes, given) ? classes[given] : undefined;
    if (!metatype) throw unknownKind(field, Object.keys(classes));
    return this.input.transform(value, { ...metadata, type: 'body', metatype });
  }
}

function unknownKind(field: string, known: string[]): AppError {
  const detail = `must be one of ${known.join(', ')}`;
  return new AppError('invalid', 'request.invalid', `The field "${field}" ${detail}.`, {
    errors: [{ pointer: `/${field}`, detail }],
  });
}
