import { Injectable, ValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { AppError, type FieldProblem } from '../errors/app-error.js';
import { assertModestShape, pointerTo } from './body-shape.js';
import { FROM_TEXT } from './fields.js';

/** How many problems one answer lists. */
const MAX_PROBLEMS = 50;

const options = {
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors: ValidationError[]) =>
    new AppError('invalid', 'request.invalid', 'The request has fields that are not as they should be.', {
      errors: errors.flatMap((error) => fieldProblems(error, '')).slice(0, MAX_PROBLEMS),
    }),
};

/** Checks every DTO and refuses unknown fields; texts of the query string become numbers, flags and lists first. */
@Injectable()
export class InputPipe implements PipeTransform {
  private readonly body = new ValidationPipe(options);
  private readonly query = new ValidationPipe({ ...options, transformOptions: { groups: [FROM_TEXT] } });

  transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // A decorator of our own has prepared its value; an array or a scalar would be taken for an empty DTO.
    if (metadata.type === 'custom') return Promise.resolve(value);
    if (metadata.type === 'body' && isDto(metadata) && !isPlainObject(value ?? {})) throw notAnObject();
    if (metadata.type !== 'body') return this.query.transform(value, metadata);
    assertModestShape(value);
    if (metadata.metatype === Function) return Promise.resolve(value);
    return this.body.transform(value, metadata);
  }
}

/** `Function` is what the compiler writes for a type of which no value is imported: a pipe of its own knows the class. */
const notDtos = new Set<unknown>([undefined, Object, Array, Function]);
const isDto = ({ metatype }: ArgumentMetadata) => !notDtos.has(metatype);
const isPlainObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const notAnObject = () =>
  new AppError('invalid', 'request.invalid', 'The body must be a JSON object.', {
    errors: [{ pointer: '', detail: 'must be an object' }],
  });

function fieldProblems({ property, constraints, children }: ValidationError, parent: string): FieldProblem[] {
  const pointer = pointerTo(parent, property);
  const own = Object.entries(constraints ?? {}).map(([name, detail]) => ({
    pointer,
    detail: name === 'whitelistValidation' ? 'is not a known field' : detail,
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldProblems(child, pointer))];
}
