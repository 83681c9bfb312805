import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import type { BuildParameters } from '../../lib/build/parameters.js'
import { buildDirectory, contextOf } from './evaluate.js'

const WRONG: readonly (readonly [string, readonly string[], RegExp, Partial<BuildParameters>?])[] = [
  ['RUN', ['FROM scratch', 'RUN make'], /Dockerfile:2: .*found RUN.*\n {2}2 \| RUN make\n {4}\| \^\^\^/s],
  ['RUN in a trigger', ['FROM scratch AS a', 'ONBUILD RUN x', 'FROM a'], /Dockerfile:3: .*found RUN/],
  [
    'an unset variable with :?',
    ['FROM scratch', 'ENV a="@{b:?tell me}"'.replace('@', '$')],
    /Dockerfile:2: expected b to be set, found it unset: tell me\n/
  ],
  [
    'a missing file',
    ['FROM scratch', 'COPY fiel.txt /'],
    /found nothing there. Did you mean file.txt\?\n {2}2 \| COPY fiel/
  ],
  [
    'an excluded file',
    ['FROM scratch', 'COPY secret /'],
    /expected secret in the build context, found it excluded by \.dockerignore/
  ],
  [
    'a missing stage',
    ['FROM scratch AS builder', 'FROM scratch', 'COPY --from=bulider /a /'],
    /Did you mean the stage builder\?/
  ],
  ['a path that leaves the context', ['FROM scratch', 'COPY ../x /'], /which leads out of it/],
  ['a link that leaves the context', ['FROM scratch', 'COPY out/passwd /'], /the link out, which leads out of it/],
  ['links in a circle', ['FROM scratch', 'COPY circle /'], /links in a circle/],
  [
    'a variable that is empty in FROM',
    ['ARG base', 'FROM $base'],
    /found nothing: \$base is empty\n.*\n {4}\| {6}\^{5}$/s
  ],
  [
    'an unknown user',
    ['FROM scratch', 'COPY --chown=nobody file.txt /'],
    /expected a user that the image has in \/etc\/passwd, or a number, found nobody/
  ],
  ['an unknown group', ['FROM scratch', 'COPY --chown=1:nobody file.txt /'], /expected a group/],
  [
    'a platform that is none',
    ['FROM --platform=linux/a/b/c scratch'],
    /expected a platform like linux\/arm64, found linux\/a\/b\/c/
  ],
  ['a mode that is none', ['FROM scratch', 'COPY --chmod=rwx file.txt /'], /expected octal digits/],
  ['several sources into a file', ['FROM scratch', 'COPY file.txt dir /x'], /a destination that ends with \//],
  [
    'a directory over a file',
    ['FROM scratch', 'COPY file.txt /x', 'COPY dir /x'],
    /expected a directory, found a file at \/x/
  ],
  [
    'a file over a directory',
    ['FROM scratch', 'COPY file.txt /x/file.txt/y', 'COPY file.txt /x'],
    /found a directory at \/x\/file.txt/
  ],
  ['a malformed pattern', ['FROM scratch', 'COPY a[b /'], /a pattern as Go/],
  ['COPY of a URL', ['FROM scratch', 'COPY http://x/y /'], /which only ADD fetches/],
  [
    'a URL that cannot be decoded',
    ['FROM scratch', 'ADD http://127.0.0.1:9/%zz /'],
    /Dockerfile:2: expected a URL whose path is UTF-8, found http:\/\/127\.0\.0\.1:9\/%zz\n.*\n {4}\| {5}\^{22}$/s
  ],
  ['a checksum of a file', ['FROM scratch', 'ADD --checksum=sha256:x file.txt /'], /--checksum with one URL/],
  ['an unknown target', ['FROM scratch AS build'], /Did you mean build\?/, { target: 'buil' }],
  ['an image that cannot be opened', ['FROM oci:/nowhere'], /Dockerfile:1: .*\n {2}1 \| FROM oci:\/nowhere\n/s]
]

for (const [name, dockerfile, message, options] of WRONG) {
  test(`${name} is an error that shows where`, async (t) => {
    const context = contextOf(t, dockerfile, { 'file.txt': '', secret: '', dir: { d: '' }, '.dockerignore': 'secret' })
    symlinkSync('/etc', join(context, 'out'))
    symlinkSync('circle', join(context, 'circle'))
    await t.rejects(async () => buildDirectory(context, options), { message })
  })
}

test('control characters in a line of a Dockerfile do not reach the terminal', async (t) => {
  const context = contextOf(t, ['FROM scratch', 'COPY \u001b[31m\u0007a\tb nothing /'])
  const error: unknown = await buildDirectory(context).catch((cause: unknown) => cause)
  t.match(error, { message: /2 \| COPY \uFFFD\[31m\uFFFDa\tb nothing \/\n/ })
  t.notMatch(error, { message: /[\u001b\u0007]/ })
})

test('a Dockerfile in lower case is found where there is no other', async (t) => {
  const built = await buildDirectory(t.testdir({ dockerfile: 'FROM scratch\nLABEL a=b\n' }))
  t.match(built, [{ end: { config: { Labels: { a: 'b' } } } }])
  const both = t.testdir({ dockerfile: 'FROM nowhere\n', Dockerfile: 'FROM scratch\n' })
  t.equal((await buildDirectory(both)).length, 1)
  await t.rejects(buildDirectory(t.testdir({})), { message: /expected Dockerfile, found no such file/ })
})
