import { AppError } from '../errors/app-error.js';
import { Decimal, Flag, Integer, Nested, OneOf, Text, Timestamp, UrlField, WaId } from './fields.js';
import { InputPipe } from './input.pipe.js';
import { List } from './list.field.js';
import { decodeCursor, encodeCursor, mapPage, toPage } from './page.js';

class InnerDto {
  @Integer({ min: 1, max: 3 }) level: number;
}

class ThingDto {
  @Text({ max: 5, optional: true, pattern: /^[a-z]+$/, allowed: 'lower-case letters' }) name?: string;
  @OneOf(['red', 'blue'], { optional: true }) colour?: string;
  @Integer({ min: 1, max: 9, optional: true }) count?: number;
  @Decimal({ min: 0, max: 1, optional: true }) share?: number;
  @Flag({ optional: true }) isOn?: boolean;
  @WaId({ optional: true }) to?: string;
  @UrlField({ optional: true }) url?: string;
  @Timestamp({ optional: true, nullable: true }) at?: Date | null;
  @List({ max: 2, optional: true }) tags?: string[];
  @List({ of: ['a', 'b'], max: 2, optional: true }) letters?: string[];
  @List({ of: 'waId', max: 2, min: 1, optional: true }) numbers?: string[];
  @List({ of: () => InnerDto, max: 2, optional: true }) levels?: InnerDto[];
  @Nested(() => InnerDto, { optional: true }) inner?: InnerDto;
}

const pipe = new InputPipe();
const read = (value: unknown, type: 'body' | 'query' = 'body') =>
  pipe.transform(value, { type, metatype: ThingDto }) as Promise<ThingDto>;
const problems = async (value: unknown, type?: 'query') => {
  try {
    await read(value, type);
  } catch (error) {
    if (error instanceof AppError) return error.extra.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`);
    throw error;
  }
  return [];
};

describe('fields', () => {
  it.each([
    [{ name: '' }, '/name must be lower-case letters of 1 to 5 characters'],
    [{ name: 'ABC' }, '/name must be lower-case letters of 1 to 5 characters'],
    [{ name: null }, '/name must be lower-case letters of 1 to 5 characters'],
    [{ name: { $ne: 1 } }, '/name must be lower-case letters of 1 to 5 characters'],
    [{ colour: 'green' }, '/colour must be one of red, blue'],
    [{ count: '5' }, '/count must be a whole number from 1 to 9'],
    [{ count: 1.5 }, '/count must be a whole number from 1 to 9'],
    [{ count: 10 }, '/count must be a whole number from 1 to 9'],
    [{ share: 2 }, '/share must be a number from 0 to 1'],
    [{ isOn: 'true' }, '/isOn must be true or false'],
    [
      { to: 'nobody' },
      '/to must be a phone number with country code, or an address that ends in @lid, @g.us or @newsletter',
    ],
    [{ url: 'ftp://example.com' }, '/url must be a URL that starts with http:// or https://'],
    [{ url: 'https://user:pass@example.com' }, '/url must be a URL that starts with http:// or https://'],
    [{ url: 'javascript:alert(1)' }, '/url must be a URL that starts with http:// or https://'],
    [{ at: '2030-01-31' }, '/at must be a time such as 2030-01-31T12:00:00Z'],
    [{ at: '2030-13-31T12:00:00Z' }, '/at must be a time such as 2030-01-31T12:00:00Z'],
    [{ tags: 'a' }, '/tags must be a list of at most 2 texts of 1 to 200 characters'],
    [{ tags: ['a', 'b', 'c'] }, '/tags must be a list of at most 2 texts of 1 to 200 characters'],
    [{ letters: ['c'] }, '/letters must be a list of at most 2 of a, b'],
    [{ numbers: [] }, '/numbers must be a list of 1 to 2 phone numbers or WhatsApp addresses'],
    [{ numbers: ['x'] }, '/numbers must be a list of 1 to 2 phone numbers or WhatsApp addresses'],
    [{ levels: [{ level: 7 }] }, '/levels/0/level must be a whole number from 1 to 3'],
    [{ levels: [5] }, '/levels must be a list of at most 2 objects'],
    [{ inner: [] }, '/inner must be an object'],
    [{ inner: { level: 1, extra: true } }, '/inner/extra is not a known field'],
    [{ 'a/b~c': 1 }, '/a~1b~0c is not a known field'],
  ])('refuses %j', async (value, problem) => {
    expect(await problems(value)).toEqual([problem]);
  });

  it('takes what is allowed and turns it into values', async () => {
    const value = await read({
      to: '+62 812-3456-7890',
      at: '2030-01-31T12:00:00+07:00',
      numbers: ['6281234567890@s.whatsapp.net', '120363000000000001@g.us'],
      inner: { level: 2 },
    });
    expect(value).toBeInstanceOf(ThingDto);
    expect(value.inner).toBeInstanceOf(InnerDto);
    expect(value).toMatchObject({
      to: '6281234567890',
      at: new Date('2030-01-31T05:00:00Z'),
      numbers: ['6281234567890', '120363000000000001@g.us'],
    });
    expect(await problems({ at: null })).toEqual([]);
  });

  it('reads numbers, flags and lists out of a query string', async () => {
    const value = await read({ count: '5', isOn: 'false', share: '0.5', tags: 'a,b', letters: ['a', 'b'] }, 'query');
    expect(value).toMatchObject({ count: 5, isOn: false, share: 0.5, tags: ['a', 'b'], letters: ['a', 'b'] });
    expect(await problems({ count: '0x5' }, 'query')).toEqual(['/count must be a whole number from 1 to 9']);
  });
});

describe('pages', () => {
  it('end without a cursor, and go on after the last row otherwise', () => {
    const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(toPage(rows, 3, ({ id }) => id)).toEqual({ items: rows, nextCursor: null });
    const page = toPage(rows, 2, ({ id }) => [id, 'x']);
    expect(page.items).toEqual(rows.slice(0, 2));
    expect(decodeCursor(page.nextCursor ?? '', 2)).toEqual(['b', 'x']);
    expect(mapPage(page, ({ id }) => id).items).toEqual(['a', 'b']);
  });

  it.each([
    '',
    'x',
    encodeCursor('a', 'b'),
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('refuse the cursor %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(expect.objectContaining({ code: 'cursor.invalid' }) as Error);
  });
});
