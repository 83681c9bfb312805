import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'
import { inspectSource } from '../helpers/inspect.js'
import { startTestRegistry } from '../helpers/registry.js'

async function build(t: Test, cwd: string, dockerfile: readonly string[], ...flags: readonly string[]): Promise<void> {
  await writeFile(join(cwd, 'Dockerfile'), `${dockerfile.join('\n')}\n`)
  const ran = await layerpipe(['build', '--store', '.store', ...flags, '.'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
}

const BASE = [
  'FROM scratch',
  'COPY passwd /etc/passwd',
  'COPY link /',
  'ENV A=1',
  'ONBUILD COPY f /trigger',
  'CMD ["c"]'
]
const DERIVED = (base: string) => [
  `FROM ${base}`,
  'COPY --chown=app f /srv/f',
  'ENTRYPOINT ["e"]',
  `FROM ${base} AS unused`,
  'RUN x',
  `FROM ${base}`,
  'COPY --from=0 /srv /srv',
  `COPY --from=${base} /etc/passwd /copied`,
  'WORKDIR /to/here'
]

test('images from a layout and from a registry are bases and sources of files', async (t) => {
  const { host } = await startTestRegistry(t)
  const cwd = t.testdir({ passwd: 'app:x:7:8::/:\n', f: 'f', link: { to: t.fixture('symlink', 'etc') } })
  const name = `${host}/team/base:1`
  await build(t, cwd, BASE, '-o', 'type=oci,dest=base,tar=false', '-o', `type=registry,name=${name}`)
  for (const base of ['oci:base', name]) {
    await build(t, cwd, DERIVED(base), '-o', 'type=oci,dest=out.tar')
    const found = JSON.stringify(await inspectSource(`oci-archive:${join(cwd, 'out.tar')}`))
    for (const part of ['"A=1"', 'srv/f', '"trigger"', '"copied"', 'etc/here', '"uid":7', '"gid":8'])
      t.ok(found.includes(part), `${base}: ${part}`)
    t.notOk(found.includes('OnBuild'))
  }
})

test('a trigger of an image that copies from the stage itself is an error, whatever the progress', async (t) => {
  const cwd = t.testdir({ f: 'f' })
  await build(
    t,
    cwd,
    ['FROM scratch', 'LABEL a=b', 'ONBUILD COPY --from=b /f /g'],
    '-o',
    'type=oci,dest=base,tar=false'
  )
  await writeFile(join(cwd, 'Dockerfile'), 'FROM oci:base AS b\nCOPY f /f\n')
  const flags = ['--store', '.store', '--progress', 'quiet', '-o', 'type=oci,dest=out.tar']
  const { code, stderr } = await layerpipe(['build', ...flags, '.'], { cwd })
  t.equal(code, 1)
  t.match(stderr, /Dockerfile:1: .*found a cycle through b\n {2}1 \| FROM oci:base AS b\n/)
})
