import { Injectable } from '@nestjs/common';

/** The time. Injected, so that tests move it instead of waiting. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
