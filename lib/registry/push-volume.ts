import type { PushedBlob, PushOutcome } from './push-blob.js'

/** How many bytes a push will have sent. */
export interface PushVolume {
  /** One more blob; it counts unless it turns out to be there. */
  add(blob: PushedBlob, pushed: Promise<PushOutcome>): void
  /** Says that no more layers are to come. */
  complete(): void
  /** Bytes; undefined while there are layers to come, or one is being made. */
  readonly total: number | undefined
}

export function createPushVolume(): PushVolume {
  const sizes = new Map<PushedBlob, number | null>()
  let complete = false
  const settle = (blob: PushedBlob, size: number): void => {
    if (sizes.get(blob) === null) sizes.set(blob, size)
  }
  return {
    add(blob, pushed) {
      sizes.set(blob, blob.known?.size ?? null)
      blob.summary.then(({ size }) => settle(blob, size), ignore)
      pushed.then((outcome) => {
        if (outcome !== 'sent') sizes.set(blob, 0)
      }, ignore)
    },
    complete: () => void (complete = true),
    get total() {
      const known = [...sizes.values()].filter((size) => size !== null)
      return complete && known.length === sizes.size ? known.reduce((sum, size) => sum + size, 0) : undefined
    }
  }
}

/** A failure is told by who waits for the blob. */
function ignore(): void {}
