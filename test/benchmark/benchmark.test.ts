import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { test } from 'tap'
import { benchmark } from '../../lib/benchmark/benchmark.js'
import { BenchmarkError, measure } from '../../lib/benchmark/measure.js'
import { parseSettings } from '../../lib/benchmark/parse-settings.js'
import { directory } from '../../lib/source/directory.js'
import { imageOf } from '../../lib/source/image-of.js'

const text = 'a line of text that says little, again and again\n'

test('a benchmark says what each setting makes of all layers', async (t) => {
  const path = t.testdir({ 'a.txt': text.repeat(2000), 'b.txt': text.repeat(100) })
  const settings = parseSettings('uncompressed,gzip:1,zstd:3')
  const { input, results, recommendation } = await benchmark(directory({ path, target: '' }), {
    settings,
    bandwidths: [1e6],
    goal: { name: 'min-size', bandwidth: 1e6 }
  })
  t.equal(input.layers, 1)
  t.equal(input.sample, input.size)
  t.same(
    results.map(({ setting }) => setting),
    settings
  )
  const [plain, gzip, zstd] = results
  t.equal(plain?.size, input.size)
  t.ok(gzip && zstd && gzip.ratio > 5 && zstd.ratio > 5)
  const smallest = results.toSorted((a, b) => a.size - b.size)[0]
  t.same(recommendation.setting, smallest?.setting)
  t.ok(smallest?.onParetoFront)
  for (const { transfers, compression, decompression, peakMemory } of results) {
    t.equal(transfers.length, 1)
    t.ok(compression.seconds > 0 && decompression.seconds > 0 && peakMemory > 2 ** 20)
  }
})

test('each of several layers is decompressed, too', async (t) => {
  const path = t.testdir({ a: text.repeat(2000), b: text.repeat(3000) })
  const sources = [directory({ path, target: 'x' }), directory({ path, target: 'y' })]
  const source = imageOf(sources, { platforms: [], changes: [], labels: {}, diff: false })
  const { input, results } = await benchmark(source, { settings: parseSettings('zstd:1'), bandwidths: [] })
  t.equal(input.layers, 2)
  t.ok(results.every(({ size, decompression }) => size > 100 && decompression.seconds > 0))
})

test('a sample is measured, and what comes out is for the whole', async (t) => {
  const path = t.testdir({ text: text.repeat(10_000), noise: randomBytes(500_000).toString('latin1') })
  const source = directory({ path, target: '' })
  const options = { settings: parseSettings('zstd:1'), bandwidths: [], sample: 100_000 }
  const [one, two] = [await benchmark(source, options), await benchmark(source, options)]
  t.ok(one.input.sample < 120_000 && one.input.size > 1_000_000)
  t.equal(one.results[0]?.size, two.results[0]?.size, 'the same sample each time')
  const whole = await benchmark(source, { ...options, sample: null })
  const [estimated = 0, real = 0] = [one.results[0]?.size, whole.results[0]?.size]
  t.ok(estimated > real * 0.7 && estimated < real * 1.4, `${estimated} of ${real}`)
})

test('a benchmark that is aborted ends with the reason and leaves no files', async (t) => {
  const path = t.testdir({ tree: { noise: randomBytes(3_000_000).toString('latin1') }, temporary: {} })
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 300)
  const options = { settings: parseSettings('zstd:1-22'), sample: null }
  const run = { signal: controller.signal, temporary: `${path}/temporary` }
  await t.rejects(benchmark(directory({ path: `${path}/tree`, target: '' }), options, run), reason)
  t.same(await readdir(`${path}/temporary`), [])
})

test('a setting that can not be measured is named', async (t) => {
  const missing = { tar: `${t.testdir()}/none`, output: `${t.testdir()}/out` }
  const measured = measure(
    { layers: [missing], warmUp: missing, setting: { codec: 'gzip', level: 6 } },
    new AbortController().signal
  )
  await t.rejects(measured, BenchmarkError)
  await t.rejects(measured, /measure: gzip:6: found ENOENT/)
})
