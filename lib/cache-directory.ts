import { homedir } from 'node:os'
import { join } from 'node:path'

/** `layerpipe/NAME` in the user's cache directory: XDG_CACHE_HOME, or what the system has instead. */
export function cacheDirectory(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(directoryOf(environment), 'layerpipe', name)
}

function directoryOf({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  // The XDG specification wants relative paths ignored.
  if (XDG_CACHE_HOME?.startsWith('/')) return XDG_CACHE_HOME
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA
  return join(homedir(), '.cache')
}
