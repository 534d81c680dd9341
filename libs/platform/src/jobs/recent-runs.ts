import type { Job, Queue } from 'bullmq';

/** What a regular job has done lately. */
export interface RecentRuns<T> {
  /** Whether a run waits or is under way. */
  isRunning: boolean;
  /** The newest first. */
  runs: { startedAt: Date | null; finishedAt: Date | null; result: T | null }[];
}

const RUNS_TOLD = 10;

export async function recentRuns<T>(queue: Queue): Promise<RecentRuns<T>> {
  const [done, underWay] = await Promise.all([
    queue.getJobs(['completed'], 0, RUNS_TOLD - 1) as Promise<Job<unknown, T>[]>,
    queue.getJobCounts('active', 'waiting'),
  ]);
  const runs = done.map(({ processedOn, finishedOn, returnvalue }) => ({
    startedAt: processedOn ? new Date(processedOn) : null,
    finishedAt: finishedOn ? new Date(finishedOn) : null,
    result: (returnvalue as T | undefined) ?? null,
  }));
  return { isRunning: Object.values(underWay).some((count) => count > 0), runs };
}

/** Starts a run, unless one waits or is under way. */
export async function runSoon<T>(queue: Queue, name: string): Promise<RecentRuns<T>> {
  const state = await recentRuns<T>(queue);
  if (state.isRunning) return state;
  await queue.add(name, {}, { removeOnComplete: { count: 24 }, removeOnFail: { count: 100 } });
  return { ...state, isRunning: true };
}
