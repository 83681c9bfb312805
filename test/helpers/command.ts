import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a run of the program left behind. */
export interface Ran {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface RunSettings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: Buffer
  /** Leaves standard input without an end. */
  readonly keepStdinOpen?: boolean
  /** Gets all of standard error so far, whenever there is more. */
  readonly onStderr?: (text: string, child: ChildProcess) => void
}

/** The built program. */
export const MAIN = fileURLToPath(new URL('../../program/bundle/main.cjs', import.meta.url))

/**
 * Runs the built program as a process of its own, without what the test runner puts into the environment. It keeps no
 * compiled code, so that what it leaves behind is what it was told to write. Where no process is the point, the function of
 * this name in `command-here.ts` takes less time.
 */
export function layerpipe(words: readonly string[], settings: RunSettings): Promise<Ran> {
  const { cwd, env, stdin, keepStdinOpen, onStderr } = settings
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, SOURCE_DATE_EPOCH: ___, ...rest } = process.env
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: { ...rest, NODE_DISABLE_COMPILE_CACHE: '1', XDG_CACHE_HOME: `${cwd}/.cache`, ...env }
  })
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
    onStderr?.(stderr, child)
  })
  child.stdin.on('error', () => {}) // a program that has ended does not read to the end
  if (!keepStdinOpen) child.stdin.end(stdin)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout: Buffer.concat(stdout), stderr }))
  })
}
