import { chmod, link, lutimes, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { buildWith } from './build-layers.js'

/** A context in which every mode and time is fixed. */
async function prepare(t: Test, dockerfile: readonly string[]): Promise<string> {
  const files = { 'a.txt': 'a\n', bin: { run: '#!/bin/sh\n', sub: { f: 'f' } }, merge: { sub: { g: 'g' } } }
  const ignore = 'Dockerfile\n.dockerignore\n'
  const root = t.testdir({ '.dockerignore': ignore, Dockerfile: `${dockerfile.join('\n')}\n`, ...files })
  await link(join(root, 'bin/run'), join(root, 'bin/same'))
  await symlink('run', join(root, 'bin/to-run'))
  for (const [path, mode, mtime] of HEADERS) {
    if (mode !== null) await chmod(join(root, path), mode)
    await lutimes(join(root, path), mtime, mtime)
  }
  return root
}

const HEADERS: readonly (readonly [string, number | null, number])[] = [
  ['a.txt', 0o644, 1000.75],
  ['bin/run', 0o755, 1100],
  ['bin/to-run', null, 1300],
  ['bin/sub/f', 0o600, 1200],
  ['bin/sub', 0o711, 600],
  ['bin', 0o755, 700],
  ['merge/sub/g', 0o644, 950],
  ['merge/sub', 0o750, 900],
  ['merge', 0o700, 800]
]

/** The tar that holds nothing. */
const EMPTY = '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef'

const WHOLE = '2ba161710cea43b73d2dd52e3f2eb971fa58c087afca7452782f71cdb9ea8ec3'

/*
 * Steps that leave no time of the clock in BuildKit's layers either: what they write goes into the root, or into
 * directories that were copied. The digests are of USTAR files that another program made, entry by entry, out of what
 * BuildKit's copier does: modes, times and links as in the context, owners 0, directories with their own times.
 */
const CASES: readonly (readonly [name: string, steps: readonly string[], diffIDs: readonly string[]])[] = [
  ['the whole context', ['COPY . /'], [WHOLE]],
  ['ADD of the whole context', ['ADD . /'], [WHOLE]],
  ['--link', ['COPY --link . /'], [WHOLE]],
  ['a directory', ['COPY bin /'], ['fad98d8e0b08625ce5936460640e46449bc2cbd903a473e0f941f17f423070bc']],
  ['--chown', ['COPY --chown=5:6 bin /'], ['51a6e9723daad9d9fb7c6d8fd49389f538efc8387a5bceb73ad0bce16de007ba']],
  ['--chmod', ['COPY --chmod=640 bin /'], ['1b48436e32426ba302801117261285da9aa1e8560923da911e7d502ec9830ab3']],
  ['--exclude', ['COPY --exclude=s* bin /'], ['ecefc927e69165a02c324232ee5279619b07fd7d4b71690fcdfa801fa48bbd88']],
  ['--parents', ['COPY --parents bin/sub/f /'], ['33f2d26ef9f0ddba907ee8dd0c76a01b9801c9007941f39159e376e0458e3c40']],
  [
    '--parents from a pivot',
    ['COPY --parents bin/./sub /'],
    ['bc12db3a588aff625a73220b6b649c4ed4ce5d8cad44eb09e61f73c0adf63bcc']
  ],
  ['a file', ['COPY a.txt /b.txt'], ['53e3ce3e5ff833104461150afbb1cf788c90a0dee0053f2a354368209da50db4']],
  ['through a link', ['COPY bin/to-run /r'], ['24f4ba7aaa9a65b48b3bbd3bf21ea8a5122ff9c2f9bbe8a952e65e79c6ce9080']],
  ['what is there already', ['COPY . /', 'COPY bin /bin', 'ADD a.txt /', 'WORKDIR /bin'], [WHOLE, EMPTY, EMPTY, EMPTY]],
  [
    'a directory into one that is there, which keeps its time',
    ['COPY . /', 'COPY merge /bin/'],
    [WHOLE, '4a450bad60513e8b6cb331be784560c767514374493b272418f5218be53de7b9']
  ]
]

for (const [name, steps, expected] of CASES) {
  test(`the diffIDs are BuildKit's: ${name}`, async (t) => {
    const context = await prepare(t, ['FROM scratch', ...steps])
    const { digests } = await buildWith(context, [])
    const diffIDs = digests.map((each) => each.split(' ')[1])
    t.same(
      diffIDs,
      expected.map((hex) => `sha256:${hex}`)
    )
  })
}
