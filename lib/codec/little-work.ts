/**
 * Says of so many bytes at a time whether they are little, together with all before them: they take less time in this
 * thread than another thread needs to start. From `limit` on, nothing is.
 */
export function createLittleWork(limit: number): (length: number) => boolean {
  let left = limit
  return (length) => {
    left = length > left ? 0 : left - length
    return left > 0
  }
}
