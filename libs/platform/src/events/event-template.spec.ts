import { fillTemplate, isFixed, literalsOf } from './event-template.js';

const event = { tenantId: 'ten_1', sessionId: 'ses_1', type: 'message.received' };

describe('event templates', () => {
  it('become names of what the event says', () => {
    expect(fillTemplate('{tenantId}.{sessionId}.{type}', event)).toBe('ten_1.ses_1.message.received');
    expect(fillTemplate('{type}/{type}', event)).toBe('message.received/message.received');
    expect(fillTemplate('events', event)).toBe('events');
  });

  it('say none for what an event has not', () => {
    expect(fillTemplate('{tenantId}.{sessionId}', { tenantId: '', sessionId: null, type: 'test' })).toBe('none.none');
  });

  it.each(['{user}', '{{type}', '{type', 'type}', '{}', '{constructor}'])('refuse %s', (template) => {
    expect(literalsOf(template)).toBeNull();
  });

  it('know what depends on no event', () => {
    expect(['events', '{type}', 'a.{sessionId}'].map(isFixed)).toEqual([true, false, false]);
    expect(literalsOf('a.{sessionId}-{type}')).toBe('a.-');
  });
});
