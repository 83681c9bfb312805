import { test } from 'tap'
import { applyChanges } from '../../lib/build/change.js'
import { type ConfigInstruction, type Configuration, configure } from '../../lib/build/configure.js'
import { parseDockerfile } from '../../lib/build/dockerfile.js'
import { formatDuration, goQuote, parseDuration } from '../../lib/build/go-format.js'

function apply(...lines: string[]) {
  const { instructions } = parseDockerfile(['FROM scratch', ...lines].join('\n'))
  const createdBy: (string | null)[] = []
  let configuration: Configuration = { config: {}, author: null, hasCommand: false }
  for (const instruction of instructions.slice(1)) {
    const done = configure(configuration, instruction as ConfigInstruction, (word) => word)
    configuration = done.configuration
    createdBy.push(done.createdBy)
  }
  return { ...configuration, createdBy }
}

test('every config instruction leaves its mark and the history that BuildKit writes', (t) => {
  const { config, author, createdBy } = apply(
    'ENV a=1 b=2',
    'ENV a=3',
    'LABEL x=y',
    'WORKDIR /w',
    'WORKDIR rel/../d/',
    'USER app:grp',
    'EXPOSE 90 80-81/UDP',
    'VOLUME /a /b',
    'STOPSIGNAL SIGTERM',
    'HEALTHCHECK --interval=5s --retries=3 CMD echo hi',
    'SHELL ["/bin/bash", "-c"]',
    'CMD echo "hi"',
    'ENTRYPOINT ["e"]',
    'ONBUILD COPY a b',
    'MAINTAINER me'
  )
  t.same(config, {
    Env: ['a=3', 'b=2'],
    Labels: { x: 'y' },
    WorkingDir: '/w/d',
    User: 'app:grp',
    ExposedPorts: { '80/udp': {}, '81/udp': {}, '90/tcp': {} },
    Volumes: { '/a': {}, '/b': {} },
    StopSignal: 'SIGTERM',
    Healthcheck: { Test: ['CMD-SHELL', 'echo hi'], Interval: 5e9, Retries: 3 },
    Shell: ['/bin/bash', '-c'],
    Cmd: ['/bin/bash', '-c', 'echo "hi"'],
    ArgsEscaped: true,
    Entrypoint: ['e'],
    OnBuild: ['COPY a b']
  })
  t.equal(author, 'me')
  t.same(createdBy, [
    'ENV a=1 b=2',
    'ENV a=3',
    'LABEL x=y',
    'WORKDIR /w',
    'WORKDIR /w/d',
    'USER app:grp',
    'EXPOSE [80/udp 81/udp 90/tcp]',
    'VOLUME [/a /b]',
    'STOPSIGNAL SIGTERM',
    'HEALTHCHECK {Test:[CMD-SHELL echo hi] Interval:5s Timeout:0s StartPeriod:0s StartInterval:0s Retries:3}',
    'SHELL [/bin/bash -c]',
    'CMD ["/bin/bash" "-c" "echo \\"hi\\""]',
    'ENTRYPOINT ["e"]',
    null,
    'MAINTAINER me'
  ])
  t.end()
})

test('ENTRYPOINT resets a CMD that the base had, and leaves one set since', (t) => {
  t.same(applyChanges({ Cmd: ['old'] }, ['ENTRYPOINT ["e"]']), { Cmd: null, Entrypoint: ['e'] })
  t.match(applyChanges({}, ['CMD ["c"]', 'ENTRYPOINT ["e"]']), { Cmd: ['c'], Entrypoint: ['e'] })
  t.end()
})

test('changes see the environment, and nothing but config instructions is taken', (t) => {
  t.match(applyChanges({ Env: ['A=1'] }, ['ENV B=$A C="x y"', 'LABEL l=$B']), {
    Env: ['A=1', 'B=1', 'C=x y'],
    Labels: { l: '1' }
  })
  t.throws(() => applyChanges({}, ['COPY a b']), { code: 'ERR_USAGE', message: /--change.*found COPY/ })
  t.throws(() => applyChanges({}, ['CMDD ["a"]']), { message: /Did you mean CMD\?/ })
  t.end()
})

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['EXPOSE 70000', /expected PORT.*found 70000/],
  ['EXPOSE 80/icmp', /found 80\/icmp/],
  ['STOPSIGNAL SIGNOPE', /expected a signal/],
  ['HEALTHCHECK --interval=5 CMD x', /expected a duration.*found 5/],
  ['HEALTHCHECK --retries=x CMD x', /whole number of retries/],
  ['VOLUME ["a", ""]', /an empty one/]
]

for (const [line, message] of WRONG) {
  test(`${line} is an error`, (t) => {
    t.throws(() => apply(line), { code: 'ERR_DOCKERFILE', message })
    t.end()
  })
}

test('values look as Go prints them', (t) => {
  t.equal(goQuote('a"b\\\n\u0001é\u200b'), '"a\\"b\\\\\\n\\x01é\\u200b"')
  t.same(['1h2m3s', '1.5s', '300ms', '2us', '90s', '0', '.5s', '1.s', '-.5s', 'x', '.s'].map(parseDuration), [
    3723e9,
    1.5e9,
    3e8,
    2e3,
    9e10,
    0,
    5e8,
    1e9,
    -5e8,
    null,
    null
  ])
  t.same([3723e9, 1.5e9, 3e8, 2e3, 9e10, 0].map(formatDuration), ['1h2m3s', '1.5s', '300ms', '2µs', '1m30s', '0s'])
  t.end()
})
