import { fileURLToPath } from 'node:url'

const dist = new URL('../../', import.meta.url)

/** The path of a compiled module. */
export function compiled(path: string): string {
  return fileURLToPath(new URL(path, dist))
}

/** As deep as what it is made of: modules find what lies beside the compiled code by paths relative to their own. */
export const BUNDLE = compiled('program/bundle')
