import { test } from 'tap'
import { createRecorder } from '../../../lib/cli/progress/recorder.js'
import type { ProgressStep } from '../../../lib/cli/progress/step.js'
import { chromeTrace } from '../../../lib/cli/report/chrome-trace.js'
import { hintFor } from '../../../lib/cli/report/hint.js'
import { describeWork } from '../../../lib/cli/report/step-work.js'
import { summarize } from '../../../lib/cli/report/summary.js'
import { MAKING, timeSpent } from '../../../lib/cli/report/time-spent.js'
import { plan } from '../../../lib/graph/index.js'
import { directory, oci, registry } from '../../../lib/index.js'
import { parseOptions } from '../../../lib/options/parse-options.js'
import { ociOptions } from '../../../pipelines/options/oci.js'
import { registryOptions } from '../../../pipelines/options/registry.js'

const origin = { operation: 'read', subject: 'output', owner: 'oci' }
const source = directory({ path: '/nowhere', target: '' })
const fields = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => ({ key, value }))
const ociPlan = (values: Readonly<Record<string, string>>) =>
  plan([oci(source, parseOptions(ociOptions, fields({ dest: 'a.tar', ...values }), origin))])

function stepOf(fields: Partial<ProgressStep> & Pick<ProgressStep, 'key' | 'started' | 'ended'>): ProgressStep {
  const { key, ended: passed } = fields
  const rest = { number: 1, inputs: [], operation: key, label: key, passed, bytes: 0, total: null, error: null }
  return { ...rest, consumers: 1, parts: [], ...fields }
}

test('time goes to the unfinished step that others wait for', async (t) => {
  const make = stepOf({ key: 'make', started: 0, ended: 300 })
  const send = stepOf({ key: 'send', started: 0, ended: 1000, inputs: ['make'] })
  const works = [
    { step: make, what: MAKING },
    { step: send, what: 'waiting for ghcr.io' }
  ]
  t.same(timeSpent(works), [
    { what: 'waiting for ghcr.io', time: 700 },
    { what: MAKING, time: 300 }
  ])
})

test('time in which two are waited for is shared between them', async (t) => {
  const works = ['a', 'b'].map((key) => ({ step: stepOf({ key, started: 0, ended: 100 }), what: key }))
  t.same(timeSpent(works), [
    { what: 'a', time: 50 },
    { what: 'b', time: 50 }
  ])
})

test('a push waits for the registries of its names, each once', async (t) => {
  const options = parseOptions(registryOptions, fields({ name: 'ghcr.io/a/b:1,ghcr.io/a/b:2,foo' }), origin)
  const [target] = plan([registry(source, options)]).targets
  t.equal(target && describeWork(target.node), 'waiting for ghcr.io, docker.io')
})

test('a hint names one setting, for long runs only', async (t) => {
  const spent = (time: number, what = MAKING) => [{ what, time }]
  t.match(hintFor(ociPlan({}), spent(5000)), /^compression=zstd/)
  t.equal(hintFor(ociPlan({}), spent(2000)), null)
  t.equal(hintFor(ociPlan({ compression: 'zstd' }), spent(5000)), null)
  t.match(hintFor(ociPlan({ compression: 'zstd', 'compression-level': '19' }), spent(5000)), 'compression-level=9')
  t.match(hintFor(ociPlan({ compression: 'uncompressed' }), spent(5000, 'waiting for ghcr.io')), 'less to send')
  t.equal(hintFor(ociPlan({}), spent(5000, 'writing a.tar')), null)
})

test('the summary says where an output is, its digest, its size and what of it was skipped', async (t) => {
  const merged = ociPlan({})
  const recorder = createRecorder()
  for (const [index, { node }] of merged.steps.entries()) {
    const bytes = node.operation === 'pack' ? 4000 : node.operation === 'hash' ? 1000 : 0
    const inputs = node.inputs.map(({ key }) => key)
    recorder.ended(stepOf({ key: node.key, number: index, started: 0, ended: 100 * (index + 1), bytes, inputs }))
  }
  const digest = `sha256:${'a'.repeat(64)}` as const
  const descriptor = { mediaType: 'x/y', digest, size: 1 }
  const receipt = { exporter: 'oci', destination: 'a.tar', descriptor, config: null, names: [], bytes: 1200 }
  const receipts = [{ ...receipt, skipped: ['1 blob that was there already'], seconds: 2 }]
  const text = summarize({ plan: merged, receipts, images: [], recording: recorder.recording(), failure: null })
  t.match(text, `oci to a.tar\n  ${digest}\n  1.2kB in 2.0s, layers 25% of 4kB, 1 blob that was there already\n`)
  t.match(text, /^0\.\ds: \d+% making layers, \d+% writing a\.tar\n/m)
  for (const line of text.split('\n')) t.ok(line.length <= 80, line)
})

test('a trace has a thread for each step, with its parts in it', async (t) => {
  const recorder = createRecorder()
  const part = { id: 1, name: 'sending tarball', started: 1020, ended: 1050, cached: false }
  recorder.ended(stepOf({ key: 'k', number: 3, started: 1000, ended: 1100, bytes: 5, parts: [part] }))
  const { traceEvents } = JSON.parse(chromeTrace(recorder.recording()))
  t.match(traceEvents, [
    { ph: 'M', tid: 3, args: { name: '#3 k' } },
    { ph: 'X', tid: 3, name: 'k', ts: 0, dur: 100_000, args: { bytes: 5 } },
    { ph: 'X', tid: 3, name: 'sending tarball', ts: 20_000, dur: 30_000 },
    { ph: 'C', name: 'bytes of #3', ts: 100_000, args: { bytes: 5 } }
  ])
})
