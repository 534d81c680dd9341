import { DeliveryDetailDto, DeliveryDto } from '../deliveries.dto.js';
import { ReplayDto } from '../replays/replays.dto.js';
import { replayFails } from '../replays/replays.controller.js';
import { FinishedStatisticsDto, RemovalDto } from './finished.dto.js';

const filterFails = ['webhook.not-found', 'destination.not-found', 'invalid:event.unknown-type'];

/** What the operations on dead letters and those on the archive say of themselves; `code` is the thing of `not-found`. */
export function finishedEndpoints(one: string, many: string, code: string) {
  const notFound = `${code}.not-found`;
  return {
    list: {
      summary: `List ${many}`,
      description: 'The newest first. A page may be short and have a `nextCursor` nevertheless.',
      returns: DeliveryDto,
      list: true,
      fails: filterFails,
    },
    statistics: {
      summary: `Count ${many} by destination, type, status and age`,
      description: 'Of the archive, without `from` and `to`, those of the last day.',
      returns: FinishedStatisticsDto,
      fails: filterFails,
    },
    get: {
      summary: `Get ${one} with its attempts and its event`,
      returns: DeliveryDetailDto,
      fails: [notFound],
    },
    replayOne: {
      summary: `Send ${one} again`,
      description: 'As a new delivery behind what waits already, to the same destination or to another.',
      returns: ReplayDto,
      status: 202,
      fails: [...replayFails, notFound, 'replay.under-way', 'event.deleted'],
    },
    replayMany: {
      summary: `Send ${many} again`,
      description: 'Those of disabled destinations, and those of which a replay waits already, are left out.',
      returns: ReplayDto,
      status: 202,
      fails: [...replayFails, ...filterFails, 'invalid:delivery.no-filter'],
    },
    remove: { summary: `Delete ${one}`, returns: null, fails: [notFound] },
    removeMany: {
      summary: `Delete ${many} by filter`,
      description: 'With `dryRun` they are counted; without `confirm` nothing is deleted.',
      returns: RemovalDto,
      fails: [...filterFails, 'invalid:delivery.no-filter', 'invalid:delivery.unconfirmed'],
    },
    prune: {
      summary: `Delete old ${many}`,
      description: 'What retention would delete, at once; or all that is older.',
      returns: RemovalDto,
      status: 200,
    },
  };
}
