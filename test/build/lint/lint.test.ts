import { test } from 'tap'
import { lintDockerfile } from '../../../lib/build/lint/lint.js'

const found = (text: string): readonly string[] =>
  lintDockerfile(text).findings.map(({ rule, location, word }) => `${rule}:${location.start + 1}:${word}`)

const CASES: readonly (readonly [questionable: string, findings: readonly string[], right: string])[] = [
  ['FROM scratch AS Base', ['StageNameCasing:1:Base'], 'FROM scratch AS base'],
  ['FROM scratch as base', ['FromAsCasing:1:as'], 'from scratch as base'],
  ['FROM scratch AS a\nFROM scratch AS a', ['DuplicateStageName:2:a'], 'FROM scratch AS a\nFROM scratch AS b'],
  ['FROM scratch AS context', ['ReservedStageName:1:context'], 'FROM scratch AS contexts'],
  [
    'FROM --platform=linux/amd64 x',
    ['FromPlatformFlagConstDisallowed:1:--platform=linux/amd64'],
    'FROM --platform=$BUILDPLATFORM x'
  ],
  [`FROM --platform=\${TARGETPLATFORM} x`, [`RedundantTargetPlatform:1:--platform=\${TARGETPLATFORM}`], 'FROM x'],
  ['ARG I\nFROM $I', ['InvalidDefaultArgInFrom:2:$I'], 'ARG I=x\nFROM $I'],
  ['FROM x:$V', ['UndefinedArgInFrom:1:$V'], `FROM x:\${V:-1}`],
  ['FROM scratch\nCOPY $FROM /', ['UndefinedVar:2:$FROM'], "FROM scratch\nARG FROM\nCOPY $FROM '$X' \\$Y /"],
  [`ARG V=1\nFROM scratch\nLABEL v=\${V}`, [`UndefinedVar:3:\${V}`], `ARG V=1\nFROM scratch\nARG V\nLABEL v=\${V}`],
  [
    'FROM scratch AS a\nARG A E\nFROM a\nLABEL v=$A',
    ['UndefinedVar:4:$A'],
    'FROM scratch AS a\nENV A=1\nFROM a\nLABEL v=$A$PATH'
  ],
  ['FROM scratch\nENV API_TOKEN=x', ['SecretsUsedInArgOrEnv:2:API_TOKEN'], 'FROM scratch\nENV TOKEN_FILE=x MONKEY=y'],
  ['FROM scratch\nENV a b', ['LegacyKeyValueFormat:2:a b'], 'FROM scratch\nENV a="b c"'],
  ['FROM scratch\nMAINTAINER me', ['MaintainerDeprecated:2:me'], 'FROM scratch\nLABEL authors=me'],
  ['FROM x\nWORKDIR a', ['WorkdirRelativePath:2:a'], 'FROM x\nWORKDIR /a\nWORKDIR b'],
  ['FROM x\nCMD a', ['JSONArgsRecommended:2:CMD'], 'FROM x\nSHELL ["b"]\nCMD a'],
  [
    'FROM x\ncmd ["a"]\nCMD ["b"]',
    ['ConsistentInstructionCasing:2:cmd', 'MultipleInstructionsDisallowed:2:cmd'],
    'FROM x'
  ],
  ['FROM x\nCOPY a \\\n\n b /', ['NoEmptyContinuation:2:'], 'FROM x\nCOPY a \\\n# why\n b /\nCOPY <<E /\n\nE']
]

test('each rule finds what it is for, and nothing where that is right', (t) => {
  for (const [questionable, findings, right] of CASES) {
    t.same(found(questionable), findings, questionable)
    t.same(found(right), [], right)
  }
  t.end()
})

test('a variable of an image that nobody has looked into is taken for declared', (t) => {
  t.same(found('FROM x\nCOPY $HOME /\nFROM x AS y\nFROM y\nCOPY $HOME /'), [])
  t.end()
})

test('a variable that is written in another way than it was declared is named', (t) => {
  const [finding] = lintDockerfile('FROM scratch\nARG VERSION\nLABEL v=$VERSON').findings
  t.match(finding?.message, /did you mean VERSION\?/)
  t.end()
})

test('the directive leaves out rules, or all, and says whether findings are fatal', (t) => {
  const text = 'FROM scratch AS A\nCMD x\n'
  t.same(found(`# check=skip=JSONArgsRecommended\n${text}`), ['StageNameCasing:2:A'])
  t.same(found(`# check=skip=jsonargsrecommended, StageNameCasing; error=true\n${text}`), [])
  t.same(found(`# check=skip=all\n${text}`), [])
  t.same(
    ['', '# check=error=true\n', '# check=skip=all;error=false\n'].map((line) => lintDockerfile(line + text).fatal),
    [false, true, false]
  )
  t.end()
})
