import { jest } from '@jest/globals';
import { Clock } from './clock.js';

const DAY_MS = 24 * 3600 * 1000;

describe('a clock that stands still', () => {
  it('lets things happen in order, each at its own moment, those of the same moment as they were ordered', () => {
    const clock = new Clock(0);
    const seen: [string, number][] = [];
    const note = (what: string) => () => void seen.push([what, clock.now()]);
    clock.after(30, note('third'));
    clock.after(10, () => {
      note('first')();
      clock.after(20, note('fourth'));
      clock.after(5, note('second'));
      clock.after(500, note('much later'));
    });
    clock.after(30, note('also third'));
    expect(clock.advance(100)).toBe(0);
    expect(seen).toEqual([
      ['first', 10],
      ['second', 15],
      ['third', 30],
      ['also third', 30],
      ['fourth', 30],
    ]);
    expect([clock.now(), clock.pending]).toEqual([100, 1]);
  });

  it('stops on the way when too much happens for one go, and says what is left', () => {
    const clock = new Clock(0);
    const tick = (): void => void clock.after(1, tick);
    tick();
    expect(clock.advance(DAY_MS)).toBe(DAY_MS - clock.now());
    expect(clock.now()).toBe(100_000);
  });

  it('goes on when a task fails', () => {
    const clock = new Clock(0);
    const failures: unknown[] = [];
    clock.guard = (work) => {
      try {
        work();
        return true;
      } catch (error) {
        failures.push(error);
        return false;
      }
    };
    const last = jest.fn();
    clock.after(1, () => {
      throw new Error('broken');
    });
    clock.after(2, last);
    clock.advance(10);
    expect(failures).toHaveLength(1);
    expect(last).toHaveBeenCalledTimes(1);
  });

  it('takes nothing any more when its network has ended; the next one starts where it did', () => {
    const clock = new Clock(1_000);
    const task = jest.fn();
    clock.after(10, task);
    clock.advance(5);
    clock.stop();
    clock.after(1, task);
    clock.advance(DAY_MS);
    expect(task).not.toHaveBeenCalled();
    expect([clock.pending, clock.renewed().now()]).toEqual([0, 1_000]);
  });
});

describe('a clock that runs', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('brings what is still to come nearer when it is moved', () => {
    const clock = new Clock();
    const task = jest.fn();
    clock.after(400, task);
    clock.advance(300);
    jest.advanceTimersByTime(99);
    expect(task).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('waits longer than the runtime can', () => {
    const clock = new Clock();
    const task = jest.fn();
    clock.after(40 * DAY_MS, task);
    jest.advanceTimersByTime(39 * DAY_MS);
    expect(task).not.toHaveBeenCalled();
    jest.advanceTimersByTime(DAY_MS);
    expect(task).toHaveBeenCalledTimes(1);
  });
});
