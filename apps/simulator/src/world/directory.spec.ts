import { Directory } from './directory.js';
import { Seed } from './seed.js';

describe('the directory', () => {
  it('takes no more people than it has room for', () => {
    const directory = new Directory(new Seed('full'), 2);
    directory.create();
    directory.create();
    expect(() => directory.create()).toThrow(expect.objectContaining({ status: 409, code: 'network.full' }) as Error);
  });

  it('knows one person per username', () => {
    const directory = new Directory(new Seed('names'));
    const [anna, ben] = [directory.create(), directory.create()];
    directory.setUsername(anna, 'constructor');
    directory.setUsername(ben, 'constructor');
    expect(directory.findByUsername('constructor')).toBe(ben);
    expect(anna.username).toBeUndefined();
    directory.setUsername(ben, undefined);
    expect(directory.findByUsername('constructor')).toBeUndefined();
  });

  it('gives an account no more devices than there are ids', () => {
    const account = new Directory(new Seed('devices')).create();
    for (let n = 0; n < 249; n++) account.devices.set(account.nextDeviceId(), {} as never);
    expect(account.devices.has(99)).toBe(false);
    expect(() => account.nextDeviceId()).toThrow(
      expect.objectContaining({ status: 409, code: 'account.devices-full' }) as Error,
    );
  });
});
