import { constants, openSync } from 'node:fs'
import type { Socket, SocketConstructorOpts } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../errors.js'

/*
 * As sockets, and not as files: a thread that waits in the kernel for the other end of a pipe can't be stopped, and the
 * program could not be either.
 */

/** The bytes that are written to a named pipe. Throws what the system says where it can't be opened. */
export function readPipe(path: string): Readable {
  return socketOf({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false })
}

/** A named pipe as soon as somebody reads it. Rejects with the signal's reason, or what the system says. */
export async function writePipe(path: string, signal?: AbortSignal): Promise<Writable> {
  for (;;) {
    const descriptor = openIfRead(path)
    if (descriptor !== null) return socketOf({ fd: descriptor, readable: false, writable: true })
    await sleep(PAUSE, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted())
  }
}

/** Milliseconds. The system does not tell when a reader comes. */
const PAUSE = 20

function openIfRead(path: string): number | null {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENXIO') return null
    throw error
  }
}

/** Loads what makes sockets only now: few runs need it, and it takes a twentieth of the start. */
function socketOf(options: SocketConstructorOpts): Socket {
  const net = process.getBuiltinModule('node:net')
  return new net.Socket(options)
}
