import { posix } from 'node:path'

/** An absolute path inside an image: `path` seen from `directory`, cleaned. */
export function joinPath(directory: string, path: string): string {
  const absolute = path.startsWith('/') ? path : posix.join('/', directory, path)
  const normal = posix.normalize(absolute).replace(/^\/+/, '/')
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}
