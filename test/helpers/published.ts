import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** What `work` publishes on a channel; it is also given what there is so far. */
export async function published<T>(
  name: string | symbol,
  work: (soFar: readonly T[]) => Promise<unknown>
): Promise<readonly T[]> {
  const events: T[] = []
  const listener = (event: unknown): void => void events.push(event as T)
  subscribe(name, listener)
  try {
    await work(events)
  } finally {
    unsubscribe(name, listener)
  }
  return events
}
