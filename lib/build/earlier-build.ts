import type { Context } from '../graph/context.js'
import { canonicalJson } from '../graph/json.js'
import { formatPlatform, localPlatform, parsePlatform } from '../image/platform.js'
import { type ByteString, bytesOfText } from '../streams/bytes.js'
import type { Base } from './base-image.js'
import { type BuildRecord, buildRecords } from './build-records.js'
import type { BuiltImage } from './built-image.js'
import { type ContextState, readContextState } from './context-state.js'
import { digestOfBase, type InputLog } from './input-log.js'
import { layerNames } from './layer-names.js'
import { listedDirectories } from './listed-directories.js'
import type { BuildParameters } from './parameters.js'
import { recallImage, recordImage } from './recorded-image.js'

/** The same build, as an earlier run left it. */
export interface EarlierBuild {
  /**
   * The images that it came to, if everything that it looked at is as it was; else null. `evaluate` makes them anew: it
   * is asked only for the contents of layers that are not to be had elsewhere.
   */
  recall(evaluate: () => Promise<readonly BuiltImage[]>): Promise<readonly BuiltImage[] | null>
  /**
   * Keeps what this run came to, unless the next one could not tell whether it is still right. Rejects only as the run
   * does.
   */
  remember(log: InputLog, images: readonly BuiltImage[]): Promise<void>
}

/** Null where the run keeps no records. */
export async function findEarlierBuild(parameters: BuildParameters, context: Context): Promise<EarlierBuild | null> {
  const records = context.resource(buildRecords)
  if (records === null) return null
  const key = canonicalJson([context.node.key, formatPlatform(localPlatform()), context.resource(layerNames).by])
  const record = await records.get(key)
  const states = createStates(parameters.context, context)
  return {
    async recall(evaluate) {
      if (record === null || (await states.read(record.inputs.directories))?.digest !== record.state) return null
      const bases = await openBases(record, context).catch(() => null) // whoever evaluates the build says why
      if (bases === null) return null
      const evaluated = once(evaluate)
      const images = record.images.map((image, index) =>
        recallImage(image, bases, async () => (await evaluated())[index] ?? null)
      )
      const complete = images.filter((image) => image !== null)
      if (complete.length < images.length) return null
      states.forget()
      return complete
    },
    async remember(log, images) {
      const inputs = log.finish()
      const recorded = images.flatMap((image) => recordImage(image, log.bases) ?? [])
      const state = inputs && (await states.settled(inputs.directories))
      states.forget()
      if (inputs && state && recorded.length === images.length)
        await records.put(key, { inputs, state: state.digest, images: recorded })
    }
  }
}

/** The bases that a record was made with, opened anew; null where one has changed. */
async function openBases({ inputs }: BuildRecord, context: Context): Promise<readonly Base[] | null> {
  if (inputs.bases.length === 0) return []
  const { openBase } = await import('./base-image.js') // which loads what reads images
  const bases = await Promise.all(
    inputs.bases.map(({ name, platform }) => openBase(name, parsePlatform(platform), context))
  )
  return bases.every((base, index) => digestOfBase(base) === inputs.bases[index]?.digest) ? bases : null
}

/** The states of the context, as a run finds them. */
interface States {
  read(directories: readonly ByteString[]): Promise<ContextState | null>
  /** One that was there before the run began to look at files, or since: null where they changed in between. */
  settled(directories: readonly ByteString[]): Promise<ContextState | null>
  /** Drops what was listed for them. */
  forget(): void
}

function createStates(root: string | null, context: Context): States {
  const listed = context.resource(listedDirectories)
  const begun = Date.now()
  const location = bytesOfText(root ?? '')
  let last: { readonly directories: readonly ByteString[]; readonly state: ContextState | null } | null = null
  const read = async (directories: readonly ByteString[]): Promise<ContextState | null> => {
    const state = await readContextState(location, directories, listed, context.signal)
    last = { directories, state }
    return state
  }
  return {
    read,
    async settled(directories) {
      const same = last !== null && sameMembers(last.directories, directories)
      const state = same ? (last?.state ?? null) : await read(directories)
      return state !== null && state.settledAt < begun ? state : null
    },
    forget: () => listed.clear()
  }
}

function sameMembers<T>(left: readonly T[], right: readonly T[]): boolean {
  const members = new Set(left)
  return left.length === right.length && right.every((each) => members.has(each))
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}
