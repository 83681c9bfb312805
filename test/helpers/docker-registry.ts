import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Test } from 'tap'
import { temporaryDirectory } from './registry.js'

/** Debian's docker-registry on a free port over a fresh directory, with htpasswd if a file of it is given. */
export async function startDockerRegistry(t: Test, htpasswd?: string): Promise<string> {
  const directory = await temporaryDirectory(t)
  const host = `127.0.0.1:${await freePort()}`
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, 'data') }, delete: { enabled: true } },
    http: { addr: host },
    ...(htpasswd !== undefined && { auth: { htpasswd: { realm: 'tests', path: htpasswd } } })
  }
  const path = join(directory, 'config.json')
  await writeFile(path, JSON.stringify(config))
  const child = spawn('docker-registry', ['serve', path], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for (let count = 0; count < 100 && !(await answers(host)); count += 1) await wait(50)
  return host
}

function answers(host: string): Promise<boolean> {
  return fetch(`http://${host}/v2/`).then(
    () => true,
    () => false
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
