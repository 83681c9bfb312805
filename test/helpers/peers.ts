import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

/** For the options of a test: skips it, by name, where one of the programs that it needs is missing. */
export function needs(...programs: readonly string[]): { readonly skip: string | false } {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined)
  return { skip: missing.length > 0 && `${missing.join(', ')} is not installed` }
}

/** Runs a program to its end; fails with what it said on stderr. */
export function runPeer(program: string, ...parameters: readonly string[]): Promise<{ readonly stdout: string }> {
  return promisify(execFile)(program, parameters)
}

/** What a program writes to stdout for `input` on stdin; fails with what it said on stderr. */
export function filterThrough(input: Buffer, program: string, ...parameters: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, parameters, { input, maxBuffer: 2 ** 30 })
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')}: ${stderr}`)
  return stdout
}
