import { test } from 'tap'
import {
  createIgnoreMatcher,
  type IgnoreMatcher,
  type ParentMatch,
  readIgnorePatterns
} from '../../lib/build/ignore.js'

const matcherOf = (...patterns: string[]) => createIgnoreMatcher(patterns, (pattern) => new Error(`bad ${pattern}`))

test('an ignore file is cleaned: comments, spaces, slashes, negation', (t) => {
  const text = '\uFEFF# no\n  a/./b/ \r\n/c\n! d\n#x\n\n  # kept\n!\n/\n'
  t.same(readIgnorePatterns(text), ['a/b', 'c', '!d', '# kept', '!', '/'])
  t.end()
})

/** Pattern, path, whether moby's patternmatcher excludes it. */
const CASES: readonly (readonly [string, string, boolean])[] = [
  ['**', 'file', true],
  ['**', 'dir/file', true],
  ['**/', 'file', true],
  ['**/**', 'dir/file', true],
  ['dir/**', 'dir/file', true],
  ['dir/**', 'dir', false],
  ['dir/**', 'dir2/file', false],
  ['**/dir2/*', 'dir/dir2/file', true],
  ['**/dir2/**', 'dir/dir2/dir3/file', true],
  ['**/file', 'dir/dir/file', true],
  ['**/file', 'file', true],
  ['**/file*', 'dir/dir/file.txt', true],
  ['**/file*.txt*', 'dir/dir/file.txt', true],
  ['**/**/*.txt', 'dir/dir/file.txt', true],
  ['**/**/*.txt2', 'dir/dir/file.txt', false],
  ['**/*.txt', 'file.txt', true],
  ['a**/*.txt', 'a/dir/dir/file.txt', true],
  ['a[b-d]e', 'abe', true],
  ['a[^b-d]e', 'aze', true],
  ['a[^b-d]e', 'abe', false],
  ['[abc]', 'b', true],
  ['abc.def', 'abcdef', false],
  ['abc?def', 'abcZdef', true],
  ['a\\*', 'a*', true],
  ['a\\*', 'ab', false],
  ['a(b)c/def', 'a(b)c/def', true],
  ['a.|)$(}+{bc', 'a.|)$(}+{bc', true],
  ['.*', '.foo', true],
  ['.*', 'foo', false],
  ['dir', 'dir/file', true],
  ['**name', 'surname', true],
  ['**n?me', 'surname', false],
  ['dir', 'directory', false],
  ['*', 'a/b/c', true]
]

/** Whether an ignore file excludes a path, looked at alone. */
function isExcluded(matcher: IgnoreMatcher, path: string): boolean {
  const parts = path.split('/')
  let last: { excluded: boolean; match: ParentMatch } = { excluded: false, match: [] }
  for (const at of parts.keys()) last = matcher.match(parts.slice(0, at + 1).join('/'), last.match)
  return last.excluded
}

for (const [pattern, path, expected] of CASES) {
  test(`${pattern} ${expected ? 'excludes' : 'leaves'} ${path}`, (t) => {
    t.equal(isExcluded(matcherOf(pattern), path), expected)
    t.end()
  })
}

test('the last pattern that matches decides, and a parent counts as the path', (t) => {
  const matcher = matcherOf('dir', '!dir/keep', 'dir/keep/not')
  t.equal(isExcluded(matcher, 'dir/x'), true)
  t.equal(isExcluded(matcher, 'dir/keep'), false)
  t.equal(isExcluded(matcher, 'dir/keep/y'), false)
  t.equal(isExcluded(matcher, 'dir/keep/not'), true)
  t.end()
})

test('an excluded directory is only walked when something below may come back', (t) => {
  t.equal(matcherOf('a', '!a/b').reaches('a'), true)
  t.equal(matcherOf('a', '!ab').reaches('a'), false)
  t.equal(matcherOf('a', '!**/b').reaches('a'), true)
  t.equal(matcherOf('a').reaches('a'), false)
  t.end()
})

test('a malformed pattern is an error', (t) => {
  t.throws(() => matcherOf('a[b'), { message: 'bad a[b' })
  t.throws(() => matcherOf('!'), { message: 'bad !' })
  t.end()
})
