import fc from 'fast-check'
import { test } from 'tap'
import { expandWord } from '../../lib/build/expand.js'

const variables = new Map([
  ['v', 'value'],
  ['empty', ''],
  ['path', 'a/b/c.tar.gz'],
  ['one', '1']
])

const expand = (word: string, escapeCharacter = '\\', quotes = true): string =>
  expandWord(word, {
    variables,
    escapeCharacter,
    quotes,
    fail: (expected, found) => new Error(`${expected} | ${found}`)
  })

/** `@` stands for `$`, so that no case looks like a template. */
const CASES: readonly (readonly [string, string])[] = [
  ['plain', 'plain'],
  ['@v', 'value'],
  ['@{v}x', 'valuex'],
  ['@vx', ''],
  ['a@', 'a@'],
  ['\\@v', '@v'],
  ["'@v'", '@v'],
  ['"@v \\" \\a"', 'value " \\a'],
  ['@{unset:-w}', 'w'],
  ['@{unset-w}', 'w'],
  ['@{empty:-w}', 'w'],
  ['@{empty-w}', ''],
  ['@{v:+w}', 'w'],
  ['@{empty:+w}', ''],
  ['@{empty+w}', 'w'],
  ['@{unset+w}', ''],
  ['@{v:?no}', 'value'],
  ['@{empty?no}', ''],
  ['@{unset:-@{v}y}', 'valuey'],
  ['@{unset:-"a b"}', 'a b'],
  ['@{path#*/}', 'b/c.tar.gz'],
  ['@{path##*/}', 'c.tar.gz'],
  ['@{path%.*}', 'a/b/c.tar'],
  ['@{path%%.*}', 'a/b/c'],
  ['@{path#x}', 'a/b/c.tar.gz'],
  ['@{path/b/X}', 'a/X/c.tar.gz'],
  ['@{path/\\//-}', 'a-b/c.tar.gz'],
  ['@{path//\\//-}', 'a-b-c.tar.gz'],
  ['@{path//[/x}', 'a/b/c.tar.gz'],
  ['@{v/a*/@one}', 'v1'],
  ['@{v%\\}}', 'value'],
  ['a\\ b', 'a b'],
  ['end\\', 'end']
]

for (const [word, expected] of CASES) {
  test(`${word.replaceAll('@', '$')} becomes ${JSON.stringify(expected)}`, (t) => {
    t.equal(expand(word.replaceAll('@', '$')), expected.replaceAll('@', '$'))
    t.end()
  })
}

test('the escape directive moves the escape to the backquote', (t) => {
  t.equal(expand('`$v \\$v', '`'), '$v \\value')
  t.end()
})

test('in here-documents quotes stay', (t) => {
  t.equal(expand('"$v" \'$v\'', '\\', false), '"value" \'value\'')
  t.end()
})

const WRONG: readonly (readonly [string, RegExp])[] = [
  ['@{unset:?must be there}', /unset to be set \| it unset: must be there/],
  ['@{unset?}', /unset to be set \| it unset/],
  ['@{empty:?}', /empty to be set \| it empty/],
  ['@{v', /a name between|a closing/],
  ['@{}', /a name between/],
  ['@{v:-x', /a closing }/],
  ['@{v^}', /one of the operators/],
  ["'open", /a closing '/],
  ['"open', /a closing "/]
]

for (const [word, message] of WRONG) {
  test(`${word.replaceAll('@', '$')} fails`, (t) => {
    t.throws(() => expand(word.replaceAll('@', '$')), { message })
    t.end()
  })
}

test('text without anything special comes out as it went in', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const plain = text.replace(/[$'"\\]/g, '')
      return expand(plain) === plain
    })
  )
  t.end()
})

test('single quotes protect everything but themselves', (t) => {
  fc.assert(fc.property(fc.string(), (text) => expand(`'${text.replaceAll("'", '')}'`) === text.replaceAll("'", '')))
  t.end()
})
