import { linkSync, unlinkSync } from 'node:fs'
import type { Entry } from '../diff/entry.js'
import { OutputError } from '../errors.js'
import { type ByteString, textOf } from '../streams/bytes.js'
import type { Omissions } from './omissions.js'
import type { OpenDirectory } from './open-directory.js'
import { temporaryName } from './temporary-name.js'

/**
 * Makes the device or fifo `entry` in a directory, and says whether that was possible. By the program `mknod`, one
 * run for each, because Node has no such call; an image has a handful of them at most. It gets a name of its own at
 * first, because arguments of programs are text.
 */
export function makeNode(directory: OpenDirectory, name: ByteString, entry: Entry, omissions: Omissions): boolean {
  if (omissions.has('mknod') || (entry.type !== 'fifo' && omissions.has('device'))) {
    omissions.add(omissions.has('mknod') ? 'mknod' : 'device')
    return false
  }
  const temporary = temporaryName()
  const { spawnSync } = process.getBuiltinModule('node:child_process') // only now: few trees have such, and it is slow to load
  const ran = spawnSync('mknod', argumentsOf(entry, temporary), { cwd: directory.at('.').toString(), encoding: 'utf8' })
  if (ran.status === 0) {
    linkSync(directory.at(temporary), directory.at(name)) // renaming would replace what is there
    unlinkSync(directory.at(temporary))
    return true
  }
  if (ran.error && !('code' in ran.error && ran.error.code === 'ENOENT')) throw ran.error
  if (ran.status !== null && !isRefusal(ran.stderr)) throw failed(entry, ran.stderr)
  omissions.add(ran.error ? 'mknod' : 'device')
  return false
}

function argumentsOf(entry: Entry, name: string): string[] {
  if (entry.type === 'fifo') return [name, 'p']
  return [name, entry.type === 'block-device' ? 'b' : 'c', String(entry.major), String(entry.minor)]
}

function isRefusal(message: string): boolean {
  return /not permitted|permission denied/i.test(message)
}

function failed(entry: Entry, message: string): OutputError {
  return new OutputError({ operation: 'make device node', subject: textOf(entry.path), found: message.trim() })
}
