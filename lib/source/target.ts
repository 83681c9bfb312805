import { posix } from 'node:path'

/** Where a directory stands in an image, spelled as entries' paths are; null where it would be outside of the root. */
export function normalizeTarget(target: string): string | null {
  if (target.split('/').includes('..')) return null
  return posix.normalize(`/${target}`).replace(/^\/+|\/+$/g, '')
}
