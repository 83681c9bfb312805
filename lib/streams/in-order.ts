/** How many items are on their way at a time. */
export interface Width {
  /** Worked on. */
  readonly working: number
  /** Worked on, or done and waiting for those before them. */
  readonly whole: number
}

/**
 * Runs `work` on several items at a time and gives the results in the order of the items, as `parallel` does, but takes
 * no item before it can begin with it: for items that hold megabytes, of which a stream keeps several waiting. One that
 * takes long does not hold up those behind it.
 */
export async function* inOrder<I, O>(
  items: AsyncIterable<I>,
  { working, whole }: Width,
  work: (item: I) => Promise<O>
): AsyncGenerator<O> {
  const jobs: Job<O>[] = []
  for await (const item of items) {
    jobs.push(startJob(work(item)))
    while (jobs.length >= whole || unfinished(jobs).length >= working) {
      await Promise.race(unfinished(jobs).map(({ settled }) => settled))
      yield* shiftFinished(jobs)
    }
    yield* shiftFinished(jobs)
  }
  for (const { result } of jobs) yield await result
}

interface Job<O> {
  done: boolean
  readonly result: Promise<O>
  /** Never rejects: a failure comes when it is its turn. */
  readonly settled: Promise<void>
}

function startJob<O>(result: Promise<O>): Job<O> {
  const end = (): void => {
    job.done = true
  }
  const job: Job<O> = { done: false, result, settled: result.then(end, end) }
  return job
}

function unfinished<O>(jobs: readonly Job<O>[]): readonly Job<O>[] {
  return jobs.filter(({ done }) => !done)
}

async function* shiftFinished<O>(jobs: Job<O>[]): AsyncGenerator<O> {
  for (let first = jobs[0]; first?.done; first = jobs[0]) {
    jobs.shift()
    yield await first.result
  }
}
