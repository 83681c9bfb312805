import { test } from 'tap'
import { parseDockerfile } from '../../lib/build/dockerfile.js'
import { neededStages, resolveStages, targetStage } from '../../lib/build/stages.js'

const resolve = (...lines: string[]) => resolveStages(parseDockerfile(lines.join('\n')), ({ image }) => image)

test('only what a target needs is needed', (t) => {
  const stages = resolve(
    'FROM scratch AS a',
    'FROM debian AS b',
    'FROM a AS c',
    'COPY --from=0 x y',
    'FROM scratch',
    'COPY --from=c x y',
    'COPY --from=image/elsewhere x y'
  )
  t.same(
    stages.map(({ base }) => base),
    [{ kind: 'scratch' }, { kind: 'source', name: 'debian' }, { kind: 'stage', index: 0 }, { kind: 'scratch' }]
  )
  t.same([...neededStages(stages, 3)].toSorted(), [0, 2, 3])
  t.same([...neededStages(stages, 1)], [1])
  t.equal(targetStage(stages, null)?.index, 3)
  t.equal(targetStage(stages, 'B')?.index, 1)
  t.equal(targetStage(stages, '2')?.index, 2)
  t.equal(targetStage(stages, 'nope'), null)
  t.end()
})

test('a stage needs what the triggers of its base copy from', (t) => {
  const stages = resolve('FROM scratch AS a', 'FROM scratch AS b', 'ONBUILD COPY --from=a x y', 'FROM b')
  t.same([...neededStages(stages, 2)].toSorted(), [0, 1, 2])
  t.end()
})

test('a name is taken by the stage before, and again by the image of that name', (t) => {
  const stages = resolve('FROM busybox AS busybox', 'FROM busybox')
  t.same(
    stages.map(({ base }) => base.kind),
    ['source', 'stage']
  )
  t.end()
})

const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['itself', ['FROM scratch AS a', 'COPY --from=a x y'], /Dockerfile:2.*found a cycle through a\n/],
  ['a circle', ['FROM scratch AS a', 'COPY --from=b x y', 'FROM a AS b'], /found a cycle through b/],
  ['a later stage', ['FROM scratch AS a', 'COPY --from=b x y', 'FROM scratch AS b'], /found b, which comes later/],
  ['an index too high', ['FROM scratch', 'COPY --from=3 x y'], /expected an index below 1, or a name, found 3/],
  [
    'itself through a trigger',
    ['FROM scratch AS a', 'ONBUILD COPY --from=b /x /y', 'FROM a AS b', 'COPY a.txt /x'],
    /Dockerfile:2: .*found a cycle through b\n {2}2 \| ONBUILD COPY --from=b \/x \/y\n {4}\| {14}\^{6}$/s
  ],
  [
    'one that needs it, through a trigger',
    ['FROM scratch AS a', 'ONBUILD COPY --from=c /x /y', 'FROM a AS b', 'FROM b AS c'],
    /Dockerfile:2: .*found a cycle through c\n/
  ],
  ['a variable', ['FROM scratch', 'COPY --from=$X x y'], /expected a --from without variables/]
]

for (const [name, lines, message] of WRONG) {
  test(`a stage that copies from ${name} is an error`, (t) => {
    t.throws(() => resolve(...lines), { code: 'ERR_DOCKERFILE', message })
    t.end()
  })
}
