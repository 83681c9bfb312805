import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

/** For the options of a test: skips it, by name, where one of the programs that it needs is missing. */
export function needs(...programs: readonly string[]): { readonly skip: string | false } {
  const missing = programs.filter((program) => !isInstalled(program))
  return { skip: missing.length > 0 && `${missing.join(', ')} is not installed` }
}

/** Asked of the directories: to start a program in order to see that it can be takes up to half a second. */
function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((directory) => existsSync(resolve(directory, program)))
}

/** Runs a program to its end; fails with what it said on stderr. Most are in Go, which starts faster with one thread. */
export function runPeer(program: string, ...parameters: readonly string[]): Promise<{ readonly stdout: string }> {
  return promisify(execFile)(program, parameters, { env: { ...process.env, GOMAXPROCS: '1' } })
}

/** What a program writes to stdout for `input` on stdin; fails with what it said on stderr. */
export function filterThrough(input: Buffer, program: string, ...parameters: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, parameters, { input, maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')}: ${stderr}`)
  return stdout
}
