import { Chronicle } from './chronicle.js';

describe('the past of an account', () => {
  it('does not grow when somebody only asks for a chat', () => {
    const past = new Chronicle();
    expect(past.peek('628110000001@s.whatsapp.net').messages).toEqual([]);
    past.markRead('anything at all');
    expect(past.chats).toEqual([]);
  });
});
