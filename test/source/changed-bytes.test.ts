import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'tap'
import { digestOf } from '../../lib/blob/digest.js'
import { LayerpipeError } from '../../lib/errors.js'
import { type Node, run } from '../../lib/graph/index.js'
import { directory } from '../../lib/source/directory.js'
import { imageOf } from '../../lib/source/image-of.js'
import { image } from '../../lib/source/image-source.js'
import { describeTarball, tarball } from '../../lib/source/tarball.js'
import type { ImageEnd, LayerSource } from '../../lib/stages/items.js'
import { oci } from '../../pipelines/oci.js'
import { optionsOf } from '../../pipelines/options/defaults.js'
import { tar } from '../../pipelines/tar.js'

const request = { platforms: ['linux/amd64'], changes: [], labels: {}, diff: false }

/** The root file system that comes of a source, and that its layers can be made anew; null where it was refused. */
async function rootOf(source: Node<LayerSource | ImageEnd>, out: string, temporary: string): Promise<string | null> {
  const whole = imageOf([source], request)
  const destination = join(out, 'root.tar')
  const anew = { destination: join(out, 'anew.tar'), compression: ['zstd'], forceCompression: true } as const
  try {
    await run([tar(whole, optionsOf('tar', { destination })), oci(whole, optionsOf('oci', anew))], { temporary })
    return digestOf(readFileSync(destination))
  } catch (error) {
    if (error instanceof LayerpipeError) return null
    throw error
  }
}

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  removed: fc.nat(3),
  inserted: fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.uint8Array({ minLength: 512, maxLength: 512 }))
})

function changed(bytes: Buffer, { at, removed, inserted }: { at: number; removed: number; inserted: Uint8Array }) {
  const start = Math.floor(at * bytes.length)
  return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + removed)])
}

const sources = [
  ...(['gzip', 'zstd'] as const).map((codec) => ({ type: 'tar', codec }) as const),
  ...(['gzip', 'zstd', 'estargz', 'zstd:chunked'] as const).map((codec) => ({ type: 'image', codec }) as const)
]

for (const { type, codec } of sources) {
  test(`whatever bytes change in a ${type} in ${codec}, what comes out is right, or nothing does`, async (t) => {
    const cwd = t.testdir({ app: { a: 'a'.repeat(3000), d: { b: 'text' } }, out: {}, tmp: {} })
    const [path, out, temporary] = [join(cwd, 'source'), join(cwd, 'out'), join(cwd, 'tmp')]
    const app = imageOf([directory({ path: join(cwd, 'app'), target: '' })], request)
    const written = { destination: path }
    if (type === 'tar') await run([tar(app, optionsOf('tar', { ...written, compression: codec }))])
    else await run([oci(app, optionsOf('oci', { ...written, compression: [codec] }))])
    const right = readFileSync(path)
    const source = async () =>
      type === 'image'
        ? image({ kind: 'oci-archive', path, name: null, platforms: 'all' })
        : tarball(await describeTarball(path))
    const expected = await rootOf(await source(), out, temporary)
    t.ok(expected)
    const checked = fc.assert(
      fc.asyncProperty(change, async (what) => {
        for (const name of readdirSync(out)) rmSync(join(out, name))
        writeFileSync(path, changed(right, what))
        const found = await rootOf(await source(), out, temporary)
        const left = [...readdirSync(out), ...readdirSync(temporary)].length
        return found === null ? left === 0 : found === expected
      }),
      { numRuns: 40 }
    )
    await t.resolves(checked)
  })
}
