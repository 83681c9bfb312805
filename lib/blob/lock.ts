import { randomBytes } from 'node:crypto'
import { lstat, lutimes, readlink, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, OutputError } from '../errors.js'
import { outputProblem } from './output-problem.js'
import { type Owner, ownOwner, stateOf } from './owner.js'

/**
 * Runs `work` while no other process, and nobody else in this one, holds the lock at `path`.
 *
 * The lock is a symbolic link whose target names its holder: it is made, with what it says, in one step, on every
 * file system. That of a dead holder is taken over; one on another host counts as dead when it stops beating.
 *
 * @param path in a directory that exists; nothing else may use that name
 * @param signal ends the wait, with its reason; work that has begun goes on
 * @throws OutputError if a holder doesn't let go for ten minutes
 */
export async function withLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const id = await acquire(path, signal)
  const beat = setInterval(() => void touch(path), BEAT).unref()
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await release(path, id)
  }
}

const BEAT = 5_000
/** Six beats: a holder on another host that misses all of them is gone. */
const SILENCE = 30_000
/** What is done under a lock takes well under a second; collecting a huge store takes a few. */
const PATIENCE = 600_000
const LONGEST_PAUSE = 20

/** A holder, and which of its locks: no two are the same. */
type HolderId = `${Owner}.${string}`

async function acquire(path: string, signal?: AbortSignal): Promise<HolderId> {
  const id: HolderId = `${ownOwner()}.${randomBytes(6).toString('hex')}`
  const started = performance.now()
  const seen = new Silence()
  for (let pause = 1; !(await take(path, id)); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    signal?.throwIfAborted()
    const holder = await readHolder(path)
    if (holder !== null && (await isGone(path, holder, seen))) await evict(path, holder)
    else if (performance.now() - started > PATIENCE) throw heldTooLong(path, holder)
    else await sleep(pause * (0.5 + Math.random()))
  }
  return id
}

async function take(path: string, id: HolderId): Promise<boolean> {
  try {
    await symlink(id, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw outputProblem('lock', path, error)
  }
}

/**
 * Removes the lock of a holder that is gone. Who does it holds a lock that is named after that very holder, so only
 * one process at a time can; and as nobody else removes it, what it read is still so when it acts.
 */
async function evict(path: string, holder: string): Promise<void> {
  const claim = join(dirname(path), `.layerpipe-evict-${holder}`)
  const id = await acquire(claim)
  try {
    if ((await readHolder(path)) === holder) await rm(path, { force: true })
  } finally {
    await release(claim, id)
  }
}

async function release(path: string, id: HolderId): Promise<void> {
  if ((await readHolder(path)) === id) await rm(path, { force: true })
}

async function isGone(path: string, holder: string, seen: Silence): Promise<boolean> {
  const state = stateOf(holder.slice(0, holder.lastIndexOf('.')))
  return state === 'elsewhere' ? seen.hasBeenSilent(path, holder) : state === 'dead'
}

/** Watches the beat of a holder on another host, by the clock of this one. */
class Silence {
  #last = ''
  #since = 0

  async hasBeenSilent(path: string, holder: string): Promise<boolean> {
    const found = await lstat(path).catch(() => null)
    const beat = `${holder} ${found?.mtimeMs}`
    if (beat !== this.#last) this.#since = performance.now()
    this.#last = beat
    return performance.now() - this.#since > SILENCE
  }
}

async function readHolder(path: string): Promise<string | null> {
  try {
    return await readlink(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw outputProblem('lock', path, error)
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  await lutimes(path, now, now).catch(() => {}) // a missed beat is not an error, six of them are
}

function heldTooLong(path: string, holder: string | null): OutputError {
  return new OutputError({
    operation: 'lock',
    subject: path,
    found: `a lock that ${holder ?? 'somebody'} has held for ${PATIENCE / 60_000} minutes`,
    advice: 'end that process; if there is none, remove the lock'
  })
}
