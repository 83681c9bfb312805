import type { Entry, EntryBatch } from '../diff/entry.js'
import { guardJudge } from './guard-judge.js'
import type { Judge, Rule, Violation } from './rule.js'

/** Judges one image by several rules. */
export interface ImageJudgement {
  /** Looks at a layer, lowest first. */
  layer(batches: AsyncIterable<EntryBatch>): Promise<void>
  /** All that was found, once the image has ended. */
  end(): readonly Violation[]
}

export function judgeImage(rules: readonly Rule[]): ImageJudgement {
  const bench: readonly Seat[] = rules.map((rule) => ({ rule: rule.name, judge: guardJudge(rule) }))
  const violations: Violation[] = []
  let total = 0
  let number = -1
  const say = (
    rule: string,
    path: string | null,
    layer: number | null,
    complaint: string | null | undefined
  ): boolean => {
    if (typeof complaint === 'string') violations.push({ rule, path, layer, complaint })
    return typeof complaint === 'string'
  }
  return {
    async layer(batches) {
      number += 1
      let size = 0
      let last: Entry | null = null
      let listening: readonly Seat[] = []
      for await (const batch of batches) {
        for (const item of batch) {
          if (Buffer.isBuffer(item)) {
            const path = last?.path ?? null
            listening = listening.filter(({ rule, judge }) => !say(rule, path, number, judge.piece?.(item)))
          } else {
            last = item
            size += item.size
            for (const { rule, judge } of bench) say(rule, item.path, number, judge.entry?.(item))
            listening = item.size > 0 ? bench.filter(({ judge }) => judge.piece) : []
          }
        }
      }
      total += size
      for (const { rule, judge } of bench) say(rule, null, number, judge.layer?.(size))
    },
    end() {
      for (const { rule, judge } of bench) say(rule, null, null, judge.image?.(total))
      return violations
    }
  }
}

interface Seat {
  readonly rule: string
  readonly judge: Judge
}
