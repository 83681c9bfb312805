import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'tap'
import { createEntry, type EntryBatch } from '../../lib/diff/entry.js'
import { pipe, run, runKeepGoing, source, stage } from '../../lib/graph/index.js'
import type { Rule } from '../../lib/policy/rule.js'
import { approved } from '../../lib/stages/approval.js'
import type { Changeset, ImageEnd } from '../../lib/stages/items.js'
import { judge, PolicyError } from '../../lib/stages/judge.js'
import { survey } from '../../lib/stages/survey.js'
import { createBody } from '../../lib/streams/body.js'
import { generate } from '../../lib/streams/generate.js'

const body = Buffer.from('contents')
const batches: readonly EntryBatch[] = [
  [
    createEntry({ path: 'd', type: 'directory' }),
    createEntry({ path: 'd/f', type: 'file', size: 8 }),
    body.subarray(0, 3)
  ],
  [body.subarray(3), createEntry({ path: 'empty', type: 'file' })]
]
const end: ImageEnd = { kind: 'image', platform: { os: 'linux', architecture: 'arm64' }, config: {}, history: [] }

function* image(): Generator<Changeset | ImageEnd> {
  const history = [{ created_by: 'step' }]
  yield { kind: 'changeset', body: createBody(() => Readable.from(batches)), stored: null, history }
  yield end
}

const images = source<null, Changeset | ImageEnd>('images', () => Readable.from(image()))(null)
const never: Rule = { name: 'never', judge: () => ({ entry: () => 'is there' }) }

test('a survey has every entry, with the digest of its contents', async (t) => {
  const [surveyed] = await run([pipe(images, survey())])
  const digest = createHash('sha256').update(body).digest('base64')
  t.match(surveyed, [
    {
      platform: { architecture: 'arm64' },
      layers: [
        {
          createdBy: 'step',
          entries: [
            { entry: { path: 'd' }, content: null },
            { entry: { path: 'd/f' }, content: digest },
            { entry: { path: 'empty' }, content: null }
          ]
        }
      ]
    }
  ])
})

test('a judge that finds something fails with all of it', async (t) => {
  const error: unknown = await run([pipe(images, judge([never]))]).catch((reason: unknown) => reason)
  t.type(error, PolicyError)
  if (error instanceof PolicyError) {
    t.match(error.judgements, [
      { platform: 'linux/arm64', violations: [{ path: 'd' }, { path: 'd/f' }, { path: 'empty' }] }
    ])
  }
})

test('a sink hears the judge’s reason where the others go on, too', async (t) => {
  const sink = stage<null, Changeset | ImageEnd, string>('sink', (_, context) =>
    generate<Changeset | ImageEnd, string>(async function* (items) {
      for await (const item of items) if (item.kind === 'changeset') for await (const _ of item.body.open());
      await approved(context)
      yield 'named'
    })
  )(null)
  const outcomes = await runKeepGoing<unknown>([pipe(images, judge([never])), pipe(images, sink)])
  t.match(outcomes, [
    { ok: false, error: { code: 'ERR_POLICY' } },
    { ok: false, error: { code: 'ERR_POLICY' } }
  ])
})

test('no images are nothing to say anything about', async (t) => {
  const nothing = source<null, Changeset | ImageEnd>('nothing', () => Readable.from([]))(null)
  t.same(await run([pipe(nothing, survey())]), [[]])
  t.same(await run([pipe(nothing, judge([never]))]), [[]])
})

test('what breaks while it is judged is the reason, and not the judge', async (t) => {
  const reason = new Error('unreadable')
  const broken = source<null, Changeset | ImageEnd>('broken', () => {
    const failing = createBody(() => new Readable({ objectMode: true, construct: (done) => done(reason) }))
    return Readable.from([{ kind: 'changeset', body: failing, stored: null, history: [] }, end])
  })(null)
  t.equal(await run([pipe(broken, judge([never]))]).catch((error: unknown) => error), reason)
})
