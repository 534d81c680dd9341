import { Pace, PRIORITIES } from './pace.js';
import { quietUntil } from './quiet-hours.js';

const { reply, normal, bulk } = PRIORITIES;
const at = (time: string) => new Date(`2030-06-01T${time}Z`);

describe('the pace of a session', () => {
  it('lets one message go, then one in every share of a minute', () => {
    const pace = new Pace({ messagesPerMinute: 20 }, at('10:00:00'));
    expect(pace.next(normal, at('10:00:00'))).toEqual(at('10:00:00'));
    pace.take(at('10:00:00'));
    expect(pace.next(normal, at('10:00:00'))).toEqual(at('10:00:03'));
    expect(pace.next(normal, at('10:00:02'))).toEqual(at('10:00:03'));
    expect(pace.next(normal, at('10:00:03'))).toEqual(at('10:00:03'));
  });

  it('lets a burst go after a pause, and no more than that', () => {
    const pace = new Pace({ messagesPerMinute: 60, burst: 3 }, at('10:00:00'));
    for (let count = 0; count < 3; count++) {
      expect(pace.next(normal, at('10:05:00'))).toEqual(at('10:05:00'));
      pace.take(at('10:05:00'));
    }
    expect(pace.next(normal, at('10:05:00'))).toEqual(at('10:05:01'));
  });

  it('adds jitter to every wait', () => {
    const pace = new Pace({ jitterMs: 4000 }, at('10:00:00'), () => 0.5);
    pace.take(at('10:00:00'));
    expect(pace.next(normal, at('10:00:00'))).toEqual(at('10:00:02'));
  });

  it('keeps all but answers back in quiet hours', () => {
    const pace = new Pace({ quietHours: { from: '21:00', to: '07:00', timeZone: 'UTC' } }, at('12:00:00'));
    expect(pace.next(normal, at('12:00:00'))).toEqual(at('12:00:00'));
    expect(pace.next(reply, at('22:30:00'))).toEqual(at('22:30:00'));
    expect(pace.next(bulk, at('22:30:00'))).toEqual(new Date('2030-06-02T07:00:00Z'));
  });

  it('reads quiet hours on the clocks of their time zone', () => {
    const night = { from: '21:00', to: '07:00', timeZone: 'Asia/Jakarta' }; // UTC+7
    expect(quietUntil(night, at('14:30:00'))).toEqual(new Date('2030-06-02T00:00:00Z'));
    expect(quietUntil(night, at('12:00:00'))).toBeNull();
    expect(quietUntil({ from: '12:00', to: '13:00', timeZone: 'UTC' }, at('12:59:30'))).toEqual(at('13:00:00'));
    expect(quietUntil({ from: '12:00', to: '12:00', timeZone: 'UTC' }, at('12:00:00'))).toBeNull();
  });
});
