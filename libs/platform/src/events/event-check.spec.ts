import { EventCheck } from './event-check.js';
import { eventCatalogue, eventTypes, type NewEvent } from './event-map.js';
import { eventsDocument } from './event-schemas.js';
import { Ajv2020 } from 'ajv/dist/2020.js';

describe('EventCheck', () => {
  const check = new EventCheck();
  const run = (type: string, data: object) => () =>
    check.run({ tenantId: 'ten_1', sessionId: null, type, data } as NewEvent);
  const by = { waId: '1', phone: null, lid: null, name: null };
  const reaction = {
    id: 'msg_1',
    messageId: 'X',
    chatId: '1',
    by,
    fromMe: false,
    at: '2030-01-31T12:00:00.5Z',
    emoji: null,
  };

  it('takes what the catalogue says, inherited fields and absent ones included', () => {
    expect(run('message.reaction', reaction)).not.toThrow();
    const status = { id: 'msg_1', messageId: 'X', chatId: '1', status: 'read', at: '2030-01-31T12:00:00Z' };
    expect(run('message.status', { ...status, errorCode: undefined })).not.toThrow();
  });

  it.each([
    ['a field that is missing', { ...reaction, emoji: undefined }, /required property 'emoji'/],
    ['a field too many', { ...reaction, mood: 'good' }, /additional properties/],
    ['a field too many deeper down', { ...reaction, by: { ...by, age: 3 } }, /additional properties/],
    ['a wrong type', { ...reaction, fromMe: 'no' }, /boolean/],
    ['no time', { ...reaction, at: 'now' }, /date-time/],
  ])('refuses %s', (_title, data, problem) => {
    expect(run('message.reaction', data)).toThrow(problem);
  });
});

describe('the document of events', () => {
  const document = eventsDocument() as { oneOf: object[]; $defs: Record<string, object> };

  it('has every type of the catalogue, with its sentence, and all that they refer to', () => {
    expect(document.oneOf).toHaveLength(eventTypes.length);
    expect(document.$defs.MessagePollVoteEvent).toMatchObject({
      description: eventCatalogue['message.poll_vote'].says,
      properties: { type: { const: 'message.poll_vote' }, data: { $ref: '#/$defs/MessagePollVoteData' } },
    });
    expect(document.$defs).toHaveProperty('WaPerson');
    expect(document.$defs).not.toHaveProperty('MessageNamed');
  });

  it('is a schema that a whole event can be checked by', () => {
    const validate = new Ajv2020({ allowUnionTypes: true, validateFormats: false }).compile(document);
    const event = {
      id: 'evt_1',
      tenantId: 'ten_1',
      sessionId: null,
      sequence: null,
      timestamp: '2030-01-31T12:00:00Z',
    };
    const data = { webhookId: 'whk_1', text: 'Hello' };
    expect(validate({ ...event, type: 'test', data })).toBe(true);
    expect(validate({ ...event, type: 'session.qr', data })).toBe(false);
  });
});
