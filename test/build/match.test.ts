import { test } from 'tap'
import { compileGlob, hasWildcard } from '../../lib/build/match.js'

/** Pattern, name, and what Go's filepath.Match says; null is a bad pattern. */
const CASES: readonly (readonly [string, string, boolean | null])[] = [
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*c', 'abc', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'a*b', true],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['[a-ζ]*', 'α', true],
  ['a?b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[\\-x]', '-', true],
  ['[x\\-]', 'z', false],
  ['[]a]', ']', null],
  ['[-]', '-', null],
  ['[x-]', 'x', null],
  ['[a-b-c]', 'a', null],
  ['[', 'a', null],
  ['[^bc', 'a', null],
  ['a[', 'a', null],
  ['a\\', 'a', null],
  ['*x', 'xxx', true],
  ['a-*', 'a-b', true],
  ['{a}+', '{a}+', true]
]

for (const [pattern, name, expected] of CASES) {
  test(`${pattern} and ${name}: ${expected ?? 'a bad pattern'}`, (t) => {
    t.equal(compileGlob(pattern)?.test(name) ?? null, expected)
    t.end()
  })
}

test('only unescaped *, ? and [ make a word a pattern', (t) => {
  t.same(['a', 'a*', '\\*', '\\\\*', 'x[', 'a?b'].map(hasWildcard), [false, true, false, true, true, true])
  t.end()
})
