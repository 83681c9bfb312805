import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'

/** `layerpipe/NAME` in the user's cache directory: XDG_CACHE_HOME, or what the system has instead. */
export function cacheDirectory(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return join(directoryOf(environment), 'layerpipe', name)
}

function directoryOf({ XDG_CACHE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv): string {
  // The XDG specification wants relative paths ignored.
  if (XDG_CACHE_HOME?.startsWith('/')) return XDG_CACHE_HOME
  if (process.platform === 'darwin') return join(home(), 'Library', 'Caches')
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA
  return join(home(), '.cache')
}

/** An empty HOME is none. A user that the system does not know has the home that containers give such a one. */
function home(): string {
  try {
    return homedir() || userInfo().homedir
  } catch {
    return '/'
  }
}
