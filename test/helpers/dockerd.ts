import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Test } from 'tap'

/** An engine of the test's own. */
export interface TestEngine {
  /** As DOCKER_HOST has it. */
  readonly host: string
  docker(...parameters: readonly string[]): Promise<string>
}

/** Starts dockerd without a network, or says why it can't be. */
export async function startDockerd(t: Test): Promise<TestEngine | string> {
  if (process.getuid?.() !== 0) return 'dockerd needs root'
  const directory = await mkdtemp(join(tmpdir(), 'layerpipe-dockerd-'))
  const at = (name: string): string => join(directory, name)
  const host = `unix://${at('docker.sock')}`
  const own = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '-H', host]
  const flags = ['--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=vfs', '--log-level=error']
  const child = spawn('dockerd', [...own, ...flags], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()))
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })
  if (!(await isUp(child, at('docker.sock')))) return 'dockerd does not start here'
  const docker = async (...parameters: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('docker', ['-H', host, ...parameters])
    return stdout
  }
  return { host, docker }
}

async function isUp(child: ChildProcess, socket: string): Promise<boolean> {
  for (let count = 0; count < 150 && child.exitCode === null; count += 1) {
    if (existsSync(socket)) return true
    await wait(100)
  }
  return false
}
