import { parsePhone, parseWaId, phoneOf } from './wa-id.js';

describe('parseWaId', () => {
  it.each([
    ['+62 812-3456-7890', '6281234567890'],
    ['6281234567890', '6281234567890'],
    ['6281234567890@s.whatsapp.net', '6281234567890'],
    ['6281234567890:7@s.whatsapp.net', '6281234567890'],
    ['6281234567890@c.us', '6281234567890'],
    ['123456789012345@lid', '123456789012345@lid'],
    ['120363041234567890@g.us', '120363041234567890@g.us'],
    ['6281234567890-1600000000@g.us', '6281234567890-1600000000@g.us'],
    ['120363041234567890@newsletter', '120363041234567890@newsletter'],
    ['status@broadcast', 'status@broadcast'],
  ])('reads %s', (text, expected) => expect(parseWaId(text)).toBe(expected));

  it.each(['', 'hello', '12', '+1', '0812', 'a@b', '628@x@y', '12 34@lid', '6281234567890@example.com', '++628'])(
    'refuses %s',
    (text) => expect(parseWaId(text)).toBeNull(),
  );
});

it('tells phone numbers from other addresses', () => {
  expect(phoneOf('6281234567890')).toBe('6281234567890');
  expect(phoneOf('123456789012345@lid')).toBeNull();
  expect(parsePhone('(0)1')).toBeNull();
});
