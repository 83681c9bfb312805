import { Readable } from 'node:stream'
import type { Workspace } from '../../lib/source/archive.js'

/** For images that are read in place: nothing comes from a pipe, and nothing may be unpacked. */
export const noWorkspace: Workspace = {
  standardInput: () => Readable.from([]),
  temporary: () => Promise.reject(new Error('nothing should be unpacked'))
}
