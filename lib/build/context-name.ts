import { familiarName, parseName } from '../image/reference.js'

/**
 * What `--build-context` knows a name by, and what FROM and --from look it up by, as in BuildKit: `alpine` for
 * `docker.io/library/alpine:latest`, and lower case, for stages have names too.
 */
export function contextName(name: string): string {
  const lower = name.toLowerCase()
  try {
    return familiarName(parseName(lower)).replace(/:latest$/, '')
  } catch {
    return lower // no name of an image: a source with its prefix, or a stage
  }
}
