import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Plan } from '../graph/index.js'

/**
 * Keeps the heap lean once there is much on it: V8 collects it before it has grown by two fifths. By itself it waits for
 * several times that, and an index of a hundred thousand paths then leaves as much garbage as it is long. What is new
 * stays in the little room that it has at first, which costs next to no time; from Node 24 on it would get up to 64 MB.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  stopWatching()
  watch = setInterval(() => {
    if (getHeapStatistics().used_heap_size < LARGE_HEAP) return
    setFlagsFromString('--heap-growing-percent=40')
    stopWatching()
  }, WATCH_INTERVAL).unref()
}

/**
 * Sets V8's flags back to what they were at first. Threads that were started have changed them as well: V8 sets the flags
 * of all right when it makes a heap.
 */
export function restoreHeapFlags(): void {
  stopWatching()
  setFlagsFromString('--heap-growing-percent=0')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Leaves it to V8 where existing layers only pass: no paths are indexed, and each collection costs more than it frees. */
export function letHeapGrowForCopies({ steps }: Plan): void {
  if (steps.every(({ node }) => PASSING.has(node.operation))) stopWatching()
}

let watch: NodeJS.Timeout | undefined

function stopWatching(): void {
  clearInterval(watch)
}

/** Bytes. */
const LARGE_HEAP = 20 * 2 ** 20

/** Milliseconds. */
const WATCH_INTERVAL = 50

/** A heap below this has little to give back. Bytes. */
const WORTH_COLLECTING = 40 * 2 ** 20

/** Collects at once what has become free, where that may be much: V8 by itself waits until the heap has grown again. */
export function collectGarbage(): void {
  if (getHeapStatistics().used_heap_size < WORTH_COLLECTING) return
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect === 'function') collect()
}

const PASSING = new Set([
  ...['image', 'registry image', 'configure', 'diff', 'pack', 'compress', 'hash', 'assemble'],
  ...['upload', 'keep', 'layout', 'archive', 'load']
])
