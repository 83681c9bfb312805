import type { FileHandle } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { outputProblem } from './output-problem.js'

/** Written at once when the disk is slower than the source; more would only be memory. */
const BATCH = 4 * 2 ** 20

/**
 * Writes bytes to an open file, waiting chunks in one system call. It doesn't close the file: whoever opened it does.
 *
 * @param subject what a failed write is reported of
 * @param onWritten gets the chunks of each write once they are in the file
 */
export function createFileWriter(
  file: FileHandle,
  subject: string,
  onWritten: (chunks: readonly Buffer[]) => void = () => {}
): Writable {
  const write = (chunks: readonly Buffer[], done: (error?: Error | null) => void): void => {
    writeAll(file, chunks).then(
      () => {
        onWritten(chunks)
        done()
      },
      (error: unknown) => done(outputProblem('write', subject, error))
    )
  }
  return new Writable({
    highWaterMark: BATCH,
    write: (chunk: Buffer, _encoding, done) => write([chunk], done),
    writev: (items, done) =>
      write(
        items.map((item) => item.chunk),
        done
      )
  })
}

/** A write may take less than it is given: a full disk, a signal, more than 2 GiB. */
async function writeAll(file: FileHandle, chunks: readonly Buffer[]): Promise<void> {
  let { bytesWritten } = await file.writev(chunks)
  for (const chunk of chunks) {
    for (let at = Math.min(bytesWritten, chunk.length); at < chunk.length; ) {
      at += (await file.write(chunk, at)).bytesWritten
    }
    bytesWritten = Math.max(0, bytesWritten - chunk.length)
  }
}
