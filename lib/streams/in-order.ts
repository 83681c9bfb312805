/**
 * Runs `work` on up to `width` items at a time and gives the results in the order of the items, as `parallel` does, but
 * takes no item before it can begin with it: for items that hold megabytes, of which a stream keeps several waiting.
 */
export async function* inOrder<I, O>(
  items: AsyncIterable<I>,
  width: number,
  work: (item: I) => Promise<O>
): AsyncGenerator<O> {
  const pending: Promise<O>[] = []
  for await (const item of items) {
    const result = work(item)
    result.catch(() => {}) // seen when it is its turn, if it comes to that
    pending.push(result)
    const oldest = pending.length < width ? undefined : pending.shift()
    if (oldest) yield await oldest
  }
  for (const result of pending) yield await result
}
