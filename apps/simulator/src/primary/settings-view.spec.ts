import type { SettingsBook } from './settings-book.js';
import { settingsView } from './settings-view.js';

describe('the view of settings', () => {
  it('takes whatever a client has put into an index for a name and nothing else', () => {
    const setting = (...index: string[]) => ({ collection: 'regular' as const, index, value: {} });
    const settings = [setting('archive', '__proto__'), setting('hasOwnProperty', 'x'), setting('mute', 'constructor')];
    const { chats } = settingsView({ settings, progress: () => ({}) } as unknown as SettingsBook);
    expect(Object.entries(chats)).toEqual([
      ['__proto__', { archived: false, labels: [] }],
      ['constructor', { mutedUntil: null, labels: [] }],
    ]);
    expect('archived' in {}).toBe(false);
  });
});
