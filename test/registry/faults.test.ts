import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { memoryBlob } from '../../lib/blob/blob.js'
import { digestOf } from '../../lib/blob/digest.js'
import { LayerpipeError } from '../../lib/errors.js'
import { OCI_MANIFEST } from '../../lib/image/media-types.js'
import type { Remote } from '../../lib/registry/client.js'
import { registryBlob } from '../../lib/registry/fetch-blob.js'
import { fetchManifest } from '../../lib/registry/manifests.js'
import { pushManifest } from '../../lib/registry/push-manifest.js'
import { blobOf, push, testClient } from '../helpers/push.js'
import { type Fault, faultAt, faults, recorder } from '../helpers/quirks/faults.js'
import { startTestRegistry } from '../helpers/registry.js'
import { sampleManifest } from '../helpers/registry-client.js'

const layer = randomBytes(300_000)
const config = Buffer.from('{}')
const manifest = memoryBlob(Buffer.from(JSON.stringify(sampleManifest())), { mediaType: OCI_MANIFEST })

async function pushAll(remote: Remote): Promise<void> {
  await push(remote, layer)
  await push(remote, config)
  await pushManifest({ remote, manifest, reference: 'tag', repair: async () => {} })
}

async function pullAll(remote: Remote): Promise<void> {
  const { descriptor } = await fetchManifest(remote, 'tag')
  if (descriptor.digest !== manifest.descriptor.digest) throw new Error('the tag is a wrong one')
  for (const bytes of [layer, config]) {
    const pulled = Buffer.concat(await registryBlob(remote, blobOf(bytes).descriptor).open().toArray())
    if (digestOf(pulled) !== digestOf(bytes)) throw new Error('the bytes are wrong ones')
  }
}

/** What must never be there, whatever failed: a tag without what it leads to. */
async function isWhole(remote: Remote): Promise<boolean> {
  const tagged = await fetchManifest(remote, 'tag').catch(() => null)
  if (tagged) await pullAll(remote)
  return tagged !== null
}

const cases = [
  { name: 'push', work: pushAll, chunk: 1_000_000, only: '' },
  { name: 'push in chunks', work: pushAll, chunk: 100_000, only: 'PATCH' },
  { name: 'pull', work: pullAll, chunk: 1_000_000, only: '' }
]

for (const { name, work, chunk, only } of cases) {
  test(`${name}: any fault at any request ends in success or in one clear error`, async (t) => {
    const client = testClient(t, { chunk })
    const hasty = testClient(t, { chunk, deadlines: { headers: 1000, stall: 1000 } })
    const open = (host: string): Remote => client.remote({ host, repository: 'a/b' })
    const { quirk, requests } = recorder()
    const clean = await startTestRegistry(t, { quirks: [quirk] })
    if (work === pullAll) await pushAll(open(clean.host))
    requests.length = 0
    await work(open(clean.host))
    const attempt = async (at: number, fault: Fault): Promise<string> => {
      const where = work === pullAll ? { directory: clean.directory } : {}
      const { host, directory } = await startTestRegistry(t, { ...where, quirks: [faultAt(at, fault)] })
      const remote = fault === 'stall' ? hasty.remote({ host, repository: 'a/b' }) : open(host)
      const outcome = await work(remote).then(
        () => 'success',
        (error: unknown) => (error instanceof LayerpipeError ? error.message : `BARE ${error}`)
      )
      const healthy = await startTestRegistry(t, { directory })
      const tagged = await isWhole(open(healthy.host))
      const request = requests[at]?.replace(/[0-9a-f-]{36,}/, '…') ?? ''
      const row = `${request.padEnd(34)} ${fault.padEnd(21)} ${outcome}`
      t.ok(!outcome.startsWith('BARE') && (tagged || outcome !== 'success'), row)
      return row
    }
    const wanted = [...requests.keys()].filter((at) => requests[at]?.startsWith(only))
    const rows: string[] = []
    for (const fault of faults) rows.push(...(await Promise.all(wanted.map((at) => attempt(at, fault)))))
    t.comment(`\n${rows.join('\n')}`)
    t.ok(rows.filter((row) => row.endsWith('success')).length > rows.length / 2)
  })
}
