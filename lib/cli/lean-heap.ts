import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Plan } from '../graph/index.js'

/**
 * Lets V8 collect before its heap has grown by two fifths; by itself it waits for several times that, and an index of a
 * hundred thousand paths then leaves as much garbage as it is large. What is new on the heap stays in the little room
 * that it has at first, which costs no time that can be measured; from Node 24 on it would get up to 64 MB. To be called
 * before there is much on the heap.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=40')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Takes that back where existing layers only pass: no paths are indexed, and each collection costs more than it frees. */
export function letHeapGrowForCopies({ steps }: Plan): void {
  if (steps.every(({ node }) => PASSING.has(node.operation))) setFlagsFromString('--heap-growing-percent=0')
}

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
