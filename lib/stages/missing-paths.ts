import { printableText } from '../streams/bytes.js'
import type { CompressedLayer, ImageEnd } from './items.js'

/** Sees the layers of images pass, and says which of the prioritized paths no layer of an image has. */
export interface MissingPaths {
  add(item: CompressedLayer | ImageEnd): void
}

/** So many are named; lists that were recorded from running containers may have hundreds. */
const NAMED = 5

export function createMissingPaths(paths: readonly string[], note: (message: string) => void): MissingPaths {
  let layers: CompressedLayer[] = []
  return {
    add(item) {
      if (paths.length === 0) return
      if (item.kind !== 'image') return void layers.push(item)
      const made = layers
      layers = []
      void missingIn(made, paths).then((missing) => missing.length > 0 && note(messageOf(missing)))
    }
  }
}

/** A layer that an earlier run made is not looked into: that run has said what it misses. */
async function missingIn(layers: readonly CompressedLayer[], paths: readonly string[]): Promise<readonly string[]> {
  if (layers.some((layer) => layer.kind === 'kept' && layer.newest !== null)) return []
  const found = layers.map(async (layer) => (layer.kind === 'kept' ? [] : ((await layer.summary).prioritized ?? [])))
  const all = new Set((await Promise.all(found)).flat())
  return paths.filter((path) => !all.has(path))
}

function messageOf(missing: readonly string[]): string {
  const named = missing.slice(0, NAMED).map(printableText).join(', ')
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : ''
  return `estargz-prioritize: in no layer that was made: ${named}${more}`
}
