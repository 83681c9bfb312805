import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { MAIN, PROGRAM } from '../program.js'

/** What the jobs start from. */
export interface Scene {
  /** A directory of many files, in a build context with a Dockerfile that copies it. */
  readonly context: string
  /** The same as an image: gzip, in an OCI layout directory. */
  readonly layout: string
  /** A registry that has an empty image, `base:1`. */
  readonly registry: string
  /** As DOCKER_HOST has it; undefined where no daemon starts. */
  readonly engine: string | undefined
  end(): Promise<void>
}

/** Makes what the jobs need below `work`, and starts a registry and, as root, a Docker daemon without a network. */
export async function setTheScene(tree: string, work: string): Promise<Scene> {
  const context = join(work, 'context')
  const layout = join(work, 'layout')
  mkdirSync(context)
  shell(`cp -a ${tree} ${context}/tree`)
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY tree /app/\n')
  writeFileSync(join(context, 'package.json'), '{ "name": "app", "version": "1.0.0" }')
  shell(`${PROGRAM} export dir:${tree}:/app --progress quiet -o type=oci,dest=${layout},tar=false,name=app:t`)
  const registry = `127.0.0.1:${await freePort()}`
  const serve = spawn('node', [MAIN, 'serve', '--store', join(work, 'store'), '--listen', registry], {
    stdio: 'ignore'
  })
  const engine = startEngine(work)
  await wait(5000)
  mkdirSync(join(work, 'empty'))
  shell(`${PROGRAM} export dir:${work}/empty --progress quiet -o type=registry,name=${registry}/base:1`)
  const isUp = existsSync(join(work, 'docker.sock'))
  return {
    context,
    layout,
    registry,
    engine: isUp ? `unix://${join(work, 'docker.sock')}` : undefined,
    end: () => endAll([serve, ...(engine ? [engine] : [])])
  }
}

function startEngine(work: string): ChildProcess | undefined {
  const places = `--data-root ${work}/docker --exec-root ${work}/exec --pidfile ${work}/pid -H unix://${work}/docker.sock`
  const words = `${places} --iptables=false --ip6tables=false --bridge=none --log-level=error`.split(' ')
  if (process.getuid?.() !== 0 || !existsSync('/usr/sbin/dockerd')) return undefined
  return spawn('/usr/sbin/dockerd', words, { stdio: 'ignore' })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

async function endAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map((child) => {
      const ended = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGTERM')
      return ended
    })
  )
}

function shell(command: string): void {
  const { status, stderr } = spawnSync('sh', ['-ec', command], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}\n${stderr}`)
}
