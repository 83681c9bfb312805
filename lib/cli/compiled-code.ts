import * as nodeModule from 'node:module'
import { cacheDirectory } from '../cache-directory.js'
import { keepCompiledScripts } from './compiled-scripts.js'
import { restoreHeapFlags } from './lean-heap.js'

/**
 * Keeps what is compiled in the user's cache directory, so that the next run starts faster. To be called before anything
 * else is loaded, with V8's flags as they are to be. Never fails: where it can't be kept, it isn't. Nor is it with
 * NODE_DISABLE_COMPILE_CACHE=1, which is Node's own word.
 */
export function keepCompiledCode(): void {
  try {
    const directory = cacheDirectory('compiled')
    if (hasCompileCache(nodeModule)) nodeModule.enableCompileCache(directory)
    else if (process.env.NODE_DISABLE_COMPILE_CACHE !== '1') keepCompiledScripts(directory, restoreHeapFlags)
  } catch {
    // A user without a home has no cache either.
  }
}

/** Node from 22.8 on. */
interface CompilingModule {
  enableCompileCache(directory: string): unknown
}

function hasCompileCache(from: object): from is CompilingModule {
  return 'enableCompileCache' in from
}
