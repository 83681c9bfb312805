import { UsageError } from '../../lib/errors.js'
import { parseName } from '../../lib/image/reference.js'

/** What decides about a push. */
export interface PushChoice {
  readonly names: readonly string[]
  readonly push: boolean
  readonly pushByDigest: boolean
}

/** Refuses a push that has no name, and a push by digest to a name with a tag. `subject` is for the errors. */
export function checkPushOptions({ names, push, pushByDigest }: PushChoice, subject: string): void {
  if (push && names.length === 0) {
    throw new UsageError({
      operation: 'tag is needed when pushing to registry',
      subject,
      advice: 'give --tag NAME or name=NAME'
    })
  }
  const tagged = pushByDigest ? names.find((name) => parseName(name).tag !== undefined) : undefined
  if (tagged !== undefined) {
    throw new UsageError({
      operation: 'check output',
      subject,
      expected: 'a name without a tag for push-by-digest',
      found: tagged,
      advice: 'leave the tag out'
    })
  }
}
