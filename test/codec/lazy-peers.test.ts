import { execFile, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import tap, { type Test, test } from 'tap'
import { mixedBytes } from '../conformance/codec.js'
import { layerpipe } from '../helpers/command-here.js'
import { needs, runPeer } from '../helpers/peers.js'
import { startTestRegistry, temporaryDirectory } from '../helpers/registry.js'

const TOC_DIGEST = 'containerd.io/snapshot/stargz/toc.digest'

/** For the options of a test: these programs mount file systems. */
function needsRoot(...programs: readonly string[]): { readonly skip: string | false } {
  return process.getuid?.() === 0 ? needs(...programs) : { skip: `${programs.join(', ')} need root here` }
}

/** A tree with a file of several chunks, an empty one, links and a mode of its own. */
async function makeTree(directory: string): Promise<string> {
  const tree = join(directory, 'tree')
  await mkdir(join(tree, 'usr/bin'), { recursive: true })
  await writeFile(join(tree, 'big'), mixedBytes(9 * 2 ** 20))
  await writeFile(join(tree, 'empty'), '')
  await writeFile(join(tree, 'usr/bin/tool'), '#!/bin/sh\n')
  await chmod(join(tree, 'usr/bin/tool'), 0o4755)
  await symlink('usr/bin/tool', join(tree, 'link'))
  await link(join(tree, 'big'), join(tree, 'usr/hard'))
  return tree
}

async function exportLayout(compression: string, ...flags: readonly string[]) {
  const cwd = await temporaryDirectory(tap)
  const tree = await makeTree(cwd)
  const output = `type=oci,tar=false,dest=layout,compression=${compression}`
  const { code, stderr } = await layerpipe(['export', `dir:${tree}`, '-t', 'lazy:1', '-o', output, ...flags], { cwd })
  if (code !== 0) throw new Error(stderr)
  const documents = await readDocuments(join(cwd, 'layout/blobs/sha256'))
  const manifest = documents.find(({ layers }) => layers)
  return { cwd, tree, stderr, layer: manifest.layers[0], config: documents.find(({ rootfs }) => rootfs) }
}

/** Exports that several programs read, made when the first one needs them. */
const layouts = new Map<string, ReturnType<typeof exportLayout>>()

function exported(compression: 'estargz' | 'zstd:chunked') {
  const layout = layouts.get(compression) ?? exportLayout(compression)
  layouts.set(compression, layout)
  return layout
}

async function readDocuments(blobs: string) {
  const texts = await Promise.all((await readdir(blobs)).map((name) => readFile(join(blobs, name), 'utf8')))
  return texts.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text))
}

/** Gives what runs the client of a containerd of this file's own, started when the first test needs it. */
function containerd(): ReturnType<typeof startContainerd> {
  started ??= startContainerd()
  return started
}

let started: ReturnType<typeof startContainerd> | undefined

async function startContainerd() {
  const directory = await temporaryDirectory(tap)
  const socket = join(directory, 'containerd.sock')
  const child = spawn(
    'containerd',
    ['--root', join(directory, 'root'), '--state', join(directory, 'state'), '--address', socket],
    { stdio: 'ignore' }
  )
  const ended = new Promise((resolve) => child.once('close', resolve))
  tap.teardown(async () => {
    child.kill()
    await ended
  })
  for (let count = 0; count < 100 && !existsSync(socket); count += 1) await wait(100)
  return (...parameters: readonly string[]) =>
    execFileSync('ctr-remote', ['--address', socket, ...parameters], { encoding: 'utf8' })
}

test('containerd unpacks an estargz image, and the stargz snapshotter reads its table of contents', {
  ...needsRoot('containerd', 'ctr-remote', 'tar')
}, async (t) => {
  await readByContainerd(t, await exported('estargz'))
})

test('containerd and the stargz snapshotter read a layer that begins with chosen files', {
  ...needsRoot('containerd', 'ctr-remote', 'tar')
}, async (t) => {
  const list = join(t.testdir({ list: 'usr/hard\n/usr/bin/tool\nusr/none\n' }), 'list')
  const made = await exportLayout('estargz', '--estargz-prioritize', list, '--progress', 'plain')
  t.match(made.stderr, 'in no layer that was made: usr/none')
  const blob = join(made.cwd, 'layout/blobs/sha256', made.layer.digest.slice(7))
  const names = execFileSync('tar', ['-tzf', blob], { encoding: 'utf8' }).split('\n')
  t.same(names.slice(0, 6), ['big', 'usr/', 'usr/hard', 'usr/bin/', 'usr/bin/tool', '.prefetch.landmark'])
  await readByContainerd(t, made)
})

async function readByContainerd(t: Test, { cwd, layer, config }: Awaited<ReturnType<typeof exportLayout>>) {
  const ctr = await containerd()
  execFileSync('tar', ['-C', join(cwd, 'layout'), '-cf', join(cwd, 'image.tar'), '.'])
  t.match(ctr('images', 'import', join(cwd, 'image.tar')), /done/)
  t.match(ctr('content', 'ls'), `containerd.io/uncompressed=${config.rootfs.diff_ids[0]}`)
  t.equal(ctr('images', 'get-toc-digest', layer.digest).trim(), layer.annotations[TOC_DIGEST])
}

/**
 * Pulls the image with podman, fetching of a layer what it needs only, and compares what it unpacked with the tree; not
 * the times, which the podman of Debian 12 does not set in this case, not even for what it packed itself.
 */
async function pullInPart(t: Test, image: string, { cwd, tree }: { cwd: string; tree: string }): Promise<void> {
  const pull = 'pull_options = {enable_partial_images = "true", use_hard_links = "false", ostree_repos = ""}'
  const configuration = `[storage]
    driver = "overlay"
    graphroot = "${cwd}/graph"
    runroot = "${cwd}/run"
    [storage.options]
    ${pull}`
  await writeFile(join(cwd, 'storage.conf'), configuration)
  const env = { ...process.env, CONTAINERS_STORAGE_CONF: join(cwd, 'storage.conf') }
  const podman = async (...parameters: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)('podman', parameters, { env })
    return stdout + stderr
  }
  t.match(await podman('--log-level=debug', 'pull', '--tls-verify=false', image), /Retrieved partial blob/)
  const mounted = (await podman('image', 'mount', image)).trim()
  try {
    t.equal(execFileSync('diff', ['-r', '--no-dereference', tree, mounted], { encoding: 'utf8' }), '')
    const list = (root: string) => execFileSync('find', [root, '-mindepth', '1', '-printf', '%P %y %m %U %n %l\n'])
    const lines = (root: string) => list(root).toString().split('\n').sort()
    t.same(lines(mounted).filter(isNoDirectory), lines(tree).filter(isNoDirectory))
  } finally {
    await podman('image', 'unmount', image)
    await podman('rmi', image)
  }
}

function isNoDirectory(line: string): boolean {
  return line.split(' ')[1] !== 'd'
}

/** Pushes the layout to a registry that answers range requests. */
async function push(t: Test, cwd: string): Promise<string> {
  const { host } = await startTestRegistry(t)
  await runPeer('skopeo', 'copy', '--dest-tls-verify=false', `oci:${cwd}/layout`, `docker://${host}/lazy:1`)
  return `${host}/lazy`
}

test('podman pulls an estargz image in part', { ...needsRoot('podman', 'skopeo') }, async (t) => {
  const layout = await exported('estargz')
  await pullInPart(t, `${await push(t, layout.cwd)}:1`, layout)
})

/** Up to version 4.4 podman knows the annotations by names that the format has given up since. */
async function spellAnnotationsAsBefore(repository: string): Promise<void> {
  const [host, name] = repository.split('/')
  const url = `http://${host}/v2/${name}/manifests`
  const type = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = await (await fetch(`${url}/1`, { headers: { accept: type } })).text()
  const body = manifest.replaceAll('io.github.containers.', 'io.containers.')
  await fetch(`${url}/before`, { method: 'PUT', headers: { 'content-type': type }, body })
}

test('podman pulls a zstd:chunked image in part', { ...needsRoot('podman', 'skopeo') }, async (t) => {
  const layout = await exported('zstd:chunked')
  const repository = await push(t, layout.cwd)
  const [, major = 0, minor = 0] =
    /(\d+)\.(\d+)/.exec(execFileSync('podman', ['--version'], { encoding: 'utf8' })) ?? []
  const isOld = Number(major) * 100 + Number(minor) < 405
  if (isOld) await spellAnnotationsAsBefore(repository)
  await pullInPart(t, `${repository}:${isOld ? 'before' : '1'}`, layout)
})

test('gzip and zstd find both kinds of blobs whole', { ...needs('gzip', 'zstd') }, async (t) => {
  for (const [compression, program] of [
    ['estargz', 'gzip'],
    ['zstd:chunked', 'zstd']
  ] as const) {
    const { cwd, layer } = await exported(compression)
    const blob = join(cwd, 'layout/blobs/sha256', layer.digest.slice(7))
    t.doesNotThrow(() => execFileSync('bash', ['-c', `${program} -t < ${blob}`]))
  }
})
