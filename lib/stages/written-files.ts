import type { Context } from '../graph/context.js'
import { createResource } from '../graph/resource.js'
import { approved } from './approval.js'
import type { Delivery, Destination } from './deliver.js'

/** What is known of files that earlier runs wrote. It only ever saves work; nothing of it rejects. */
export interface WrittenFiles {
  /** Whether the file at `path` was written with these contents, and nobody has touched it since. */
  holds(path: string, contents: string): Promise<boolean>
  /** Notes that the file at `path`, which has this fingerprint, was just written. */
  note(path: string, contents: string, file: string): Promise<void>
  /** Gives a file that `holds` the contents the time of now, as if it had just been written. */
  renew(path: string, contents: string): Promise<void>
}

/** What a run looks files up in. None, unless it is given one. */
export const writtenFiles = createResource<WrittenFiles | null>('written files', () => null)

/**
 * Sends a tarball with `write`, unless its file holds it already. Gives the number of its bytes, `size` where nothing
 * was written.
 *
 * @param contents tells tarballs that differ apart
 */
export async function sendOnce(
  contents: string,
  size: number,
  { destination }: Destination,
  context: Context,
  write: () => Promise<Delivery>
): Promise<number> {
  const files = destination === '-' ? null : context.resource(writtenFiles)
  const sent = context.begin('sending tarball')
  if (await files?.holds(destination, contents)) {
    await approved(context)
    await files?.renew(destination, contents)
    sent('cached')
    return size
  }
  const { bytes, file } = await write()
  sent()
  if (file !== null) await files?.note(destination, contents, file)
  return bytes
}
