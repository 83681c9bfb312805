import { test } from 'tap'
import { parseDockerfile } from '../../lib/build/dockerfile.js'
import type { Copy, Env, From } from '../../lib/build/instruction.js'

const parse = (...lines: string[]) => parseDockerfile(lines.join('\n'))

test('directives, continued lines and comments between them', (t) => {
  const { directives, instructions } = parse(
    '# syntax=docker/dockerfile:1',
    '# escape=`',
    '# check=skip=all',
    'FROM scratch AS Base',
    'COPY --link --exclude=*.a --exclude=b --chown=1:2 a `',
    '  # a comment',
    '',
    '   b /c'
  )
  t.same([...directives.entries()].toSorted(), [
    ['check', 'skip=all'],
    ['escape', '`'],
    ['syntax', 'docker/dockerfile:1']
  ])
  const [from, copy] = instructions as readonly [From, Copy]
  t.match(from, { kind: 'FROM', image: 'scratch', name: 'base' })
  t.match(copy, { sources: ['a', 'b'], destination: '/c', link: true, exclude: ['*.a', 'b'], chown: '1:2' })
  t.equal(copy.statement.location.start, 4)
  t.equal(copy.statement.location.end, 7)
  t.end()
})

test('here-documents: several, quoted, with tabs removed', (t) => {
  const { instructions } = parse(
    'FROM scratch',
    "COPY <<EOF <<-'TWO' /d/",
    'a $b',
    '\tEOF',
    'EOF',
    '\tx',
    '\tTWO',
    'USER u'
  )
  const copy = instructions[1] as Copy
  t.same(copy.documents, [
    { name: 'EOF', content: 'a $b\n\tEOF\n', expand: true },
    { name: 'TWO', content: 'x\n', expand: false }
  ])
  t.same([copy.sources, copy.destination], [[], '/d/'])
  t.match(instructions[2], { kind: 'USER', text: 'u' })
  t.end()
})

/** The names and contents of one COPY's here-documents. */
function documentsOf(...lines: string[]) {
  const [, copy, ...others] = parse('FROM scratch', ...lines).instructions
  return { documents: (copy as Copy).documents, sources: (copy as Copy).sources, others: others.length }
}

test('a here-document may have any name', (t) => {
  const lines = ['COPY <<app.conf <<getty@.service f /etc/', '1', 'app.conf', '2', 'getty@.service']
  t.same(documentsOf(...lines), {
    documents: [
      { name: 'app.conf', content: '1\n', expand: true },
      { name: 'getty@.service', content: '2\n', expand: true }
    ],
    sources: ['f'],
    others: 0
  })
  const names = ['a+b', 'EOF!', `'b$c'`, '"a.conf"', 'b$c', 'a\\+b', 'E"O"F']
  const ends = ['a+b', 'EOF!', 'b$c', 'a.conf', 'b$c', 'a+b', 'EOF']
  names.forEach((name, at) => {
    const { documents, others } = documentsOf(`COPY <<${name} /v/`, 'USER x', ends[at] ?? '', 'USER y')
    t.match(documents, [{ name: ends[at], content: 'USER x\n', expand: !/['"]/.test(name) }], name)
    t.equal(others, 1)
  })
  t.end()
})

test('what follows a here-document with tabs, or one that ends with an escape character, is read', (t) => {
  const two = documentsOf('COPY <<a <<-b /v/', '\tb', '\ta', 'a', '\tx \\', '\tb', 'USER y')
  t.match(two, { documents: [{ content: '\tb\n\ta\n' }, { content: 'x \\\n' }], others: 1 })
  t.end()
})

test('two escape characters at the end of a line do not continue it', (t) => {
  const { instructions } = parse('FROM scratch', 'ENV a=b\\\\', 'USER x')
  t.match(instructions.slice(1), [{ kind: 'ENV' }, { kind: 'USER' }])
  t.end()
})

test('quotes in flags are removed, and what they hold may have spaces', (t) => {
  const { instructions } = parse(
    'FROM scratch',
    'COPY --exclude="my file.txt" --exclude=a\\ b --exclude=\'say "x"\' --from="base" --link="true" . /x/',
    'HEALTHCHECK --interval="30s" CMD ["a", "--interval=\\"1s\\""]',
    'COPY --chown="$u" -- --x /y'
  )
  const exclude = ['my file.txt', 'a b', 'say "x"']
  t.match(instructions[1], { exclude, from: 'base', link: true, sources: ['.'], destination: '/x/' })
  t.match(instructions[2], { interval: '30s', command: { words: ['a', '--interval="1s"'] } })
  t.match(instructions[3], { chown: '$u', sources: ['--x'] })
  t.end()
})

test('names and values, in the new form and the old one', (t) => {
  const { instructions } = parse('FROM scratch', 'ENV a=1 b="x y" c=d\\ e', 'ENV old a value', 'LABEL "k k"=v')
  const values = instructions.slice(1).map((each) => (each as Env).assignments)
  t.same(values, [
    [
      { name: 'a', value: '1' },
      { name: 'b', value: '"x y"' },
      { name: 'c', value: 'd\\ e' }
    ],
    [{ name: 'old', value: 'a value' }],
    [{ name: '"k k"', value: 'v' }]
  ])
  t.end()
})

test('Windows line ends, which here-documents keep, and a byte order mark', (t) => {
  const { instructions } = parseDockerfile('\uFEFFFROM scratch\r\nCOPY a \\\r\n b\r\nCOPY <<E /x\r\ny\r\nE\r\n')
  t.match(instructions[1], { sources: ['a'], destination: 'b' })
  t.match(instructions[2], { documents: [{ name: 'E', content: 'y\r\n' }] })
  t.end()
})

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown instruction',
    'FROM scratch\nCPY a b',
    /Dockerfile:2.*found CPY\. Did you mean COPY\?\n {2}2 \| CPY a b\n {4}\| \^\^\^$/s
  ],
  [
    'an unknown flag',
    'FROM scratch\nCOPY --chown1=1 a b',
    /found --chown1=1\. Did you mean --chown\?\n.*\n {4}\| {6}\^{10}$/s
  ],
  ['a flag without its value', 'FROM scratch\nCOPY --chown a b', /expected --chown=VALUE/],
  ['a flag of ENV', 'FROM scratch\nENV --x a=b', /expected no flags, found --x\n.*\n {4}\| {5}\^{3}$/s],
  ['a flag of WORKDIR', 'FROM scratch\nWORKDIR --x', /expected no flags, found --x/],
  ['a flag of ONBUILD', 'FROM scratch\nONBUILD --x COPY a b', /expected no flags, found --x/],
  ['a number in CMD', 'FROM scratch\nCMD ["sleep", 10]', /array of strings only, found 10\. Put it in double quotes/],
  ['a number in HEALTHCHECK', 'FROM scratch\nHEALTHCHECK CMD ["sleep", 10]', /array of strings only, found 10/],
  ['null in COPY', 'FROM scratch\nCOPY ["a", null]', /array of strings only, found null/],
  ['a flag twice', 'FROM scratch\nCOPY --chown=1 --chown=2 a b', /expected it once/],
  ['a boolean that is none', 'FROM scratch\nCOPY --link=maybe a b', /expected true or false, found maybe/],
  ['COPY with one word', 'FROM scratch\nCOPY a', /expected COPY SOURCE… DESTINATION/],
  ['FROM with too many words', 'FROM a b', /expected FROM IMAGE or FROM IMAGE AS NAME/],
  ['a stage name that is none', 'FROM a AS 1x', /expected a stage name/],
  ['nothing before an instruction', 'COPY a b', /expected FROM before other instructions/],
  ['no instruction', '# nothing', /expected a FROM instruction, found none/],
  ['a here-document without end', 'FROM scratch\nCOPY <<EOF /x\nabc', /a line that is EOF alone, found the end/],
  ['a here-document without a name', 'FROM scratch\nCOPY <<E << /x\nE', /a name like <<EOF, found <<\n/],
  ['a here-document whose quote is open', "FROM scratch\nCOPY <<'E /x\nE", /a name like <<EOF, found <<'E\n/],
  ['a here-document as destination', 'FROM scratch\nCOPY a <<EOF\nEOF', /a destination as last word/],
  ['SHELL as text', 'FROM scratch\nSHELL bash', /expected a JSON array of strings/],
  ['a name without value', 'FROM scratch\nENV a=b c', /expected NAME=VALUE, found c/],
  ['ONBUILD FROM', 'FROM scratch\nONBUILD FROM x', /may be a trigger, found FROM/],
  ['HEALTHCHECK without command', 'FROM scratch\nHEALTHCHECK CMD', /CMD with a command, or NONE alone/],
  [
    'a parser directive that comes twice',
    '# syntax=a\n# escape=`\n# Escape=`\nFROM scratch',
    /Dockerfile:3: expected escape once, found it twice/
  ],
  ['an escape directive that is none', '# escape=x\nFROM scratch', /expected \\ or ` as escape/]
]

for (const [name, text, message] of WRONG) {
  test(`${name} is an error that shows the line`, (t) => {
    t.throws(() => parseDockerfile(text), { message })
    t.end()
  })
}
