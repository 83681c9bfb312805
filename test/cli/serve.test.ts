import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Test, test } from 'tap'
import { openStore } from '../../lib/blob/store.js'
import { MAIN } from '../helpers/command.js'
import { layerpipe as runHere } from '../helpers/command-here.js'
import { temporaryDirectory } from '../helpers/registry.js'
import { createPlainClient } from '../helpers/registry-client.js'

/** What the program writes to standard output. */
async function layerpipe(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(words, { cwd: process.cwd() })
  if (code !== 0) throw Object.assign(new Error(stderr), { code })
  return stdout.toString()
}

/** Starts `layerpipe serve` and gives its URL. */
async function serve(
  t: Test,
  store: string,
  ...flags: readonly string[]
): Promise<{ url: string; child: ChildProcessByStdio<null, null, Readable> }> {
  const all = [MAIN, 'serve', '--store', store, '--listen', '127.0.0.1:0', ...flags]
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(() => void child.kill('SIGKILL'))
  const [line] = (await once(createInterface(child.stderr), 'line')) as [string]
  return { child, url: line.replace(/.* at /, '') }
}

async function sample(t: Test): Promise<string> {
  const tree = await temporaryDirectory(t)
  await writeFile(join(tree, 'hello'), 'hello')
  return tree
}

test('serve has what is pushed to it, ends at an interrupt, and has it again', async (t) => {
  const store = await temporaryDirectory(t)
  const first = await serve(t, store)
  const host = new URL(first.url).host
  await layerpipe('export', await sample(t), '--store', store, '-o', `type=registry,name=${host}/demo/app:1`, '-q')
  first.child.kill('SIGINT')
  t.same(await once(first.child, 'exit'), [0, null])
  const { url } = await serve(t, store)
  const client = createPlainClient(url, 'demo/app')
  t.same(await (await client.send('GET', 'tags/list')).json(), { name: 'demo/app', tags: ['1'] })
})

test('serve has the images of the store, and keeps them when the store lets them go', async (t) => {
  const store = await temporaryDirectory(t)
  await layerpipe('export', await sample(t), '--store', store, '-o', 'type=image,name=localhost:5000/demo/app:1', '-q')
  const { url } = await serve(t, store, '--read-only')
  t.same(await (await fetch(`${url}/v2/_catalog`)).json(), { repositories: ['demo/app'] })
  const client = createPlainClient(url, 'demo/app')
  const manifest = await client.send('GET', 'manifests/1')
  t.equal(manifest.status, 200)
  const { remove, collect } = openStore(store)
  await remove(['localhost:5000/demo/app:1'])
  await collect()
  const { config, layers } = (await manifest.json()) as { config: { digest: string }; layers: { digest: string }[] }
  for (const { digest } of [config, ...layers]) {
    const blob = await client.send('GET', `blobs/${digest}`)
    t.equal((await blob.arrayBuffer()).byteLength, Number(blob.headers.get('content-length')))
  }
  t.equal((await client.send('DELETE', 'manifests/1')).status, 405)
})

test('serve said nothing of what it could not do: it says it on standard error, and goes on', async (t) => {
  const store = await temporaryDirectory(t)
  await layerpipe('export', await sample(t), '--store', store, '-o', 'type=image,name=localhost:5000/demo/app:1', '-q')
  const { url, child } = await serve(t, store)
  const index = await readFile(join(store, 'index.json'))
  await writeFile(join(store, 'index.json'), 'damaged')
  const told = once(child.stderr, 'data')
  const client = createPlainClient(url, 'demo/app')
  t.equal((await client.send('GET', 'manifests/1')).status, 500)
  t.match(String(await told), /^serve: GET \/v2\/demo\/app\/manifests\/1: .*index\.json.*\n$/)
  await writeFile(join(store, 'index.json'), index)
  t.equal((await client.send('GET', 'manifests/1')).status, 200)
})

test('serve refuses addresses and certificates that are none', async (t) => {
  const store = await temporaryDirectory(t)
  for (const flags of [
    ['--listen', 'here'],
    ['--listen', '127.0.0.1:99999'],
    ['--tls-cert', '/dev/null']
  ]) {
    await t.rejects(layerpipe('serve', '--store', store, ...flags), { code: 2 })
  }
  await t.rejects(layerpipe('serve', '--store', store, '--htpasswd', '/nowhere'), { code: 1 })
})

test('index create and inspect work on what is in a registry', async (t) => {
  const store = await temporaryDirectory(t)
  const { url } = await serve(t, store)
  const { host } = new URL(url)
  const tree = await sample(t)
  await layerpipe('export', tree, '--store', store, '-o', `type=registry,name=${host}/a:gzip`, '-q')
  await layerpipe('export', tree, '--store', store, '-o', `type=registry,name=${host}/a:zstd,compression=zstd`, '-q')
  const digest = await layerpipe('index', 'create', `${host}/a:both`, `${host}/a:gzip`, `docker://${host}/a:zstd`)
  const both = await createPlainClient(url, 'a').send('GET', 'manifests/both')
  t.equal(both.headers.get('docker-content-digest'), digest.trim())
  t.equal(((await both.json()) as { manifests: object[] }).manifests.length, 2)
  t.match(await layerpipe('inspect', `docker://${host}/a:zstd`), /zstd/)
})

test('store gc says what it did in the registry beside, while that serves', async (t) => {
  const store = await temporaryDirectory(t)
  const { url } = await serve(t, store)
  await createPlainClient(url, 'a').pushBlob(Buffer.from('a layer whose manifest is on its way'))
  t.equal(
    await layerpipe('store', 'gc', '--store', store),
    '0 blobs removed, 0B; 0 kept\nregistry: 0 blobs removed, 0B; 1 kept\n'
  )
})
