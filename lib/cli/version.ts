import { createRequire } from 'node:module'

/** The package's own version. Its file is read by its path, not by its name: to look up a name takes ten times as long. */
export const version: string = createRequire(import.meta.url)('../../../package.json').version
