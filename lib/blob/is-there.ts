import { stat } from 'node:fs/promises'

/** Whether a path leads to something that can be looked at. Never rejects. */
export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  )
}
