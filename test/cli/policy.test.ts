import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'

const TOKEN = `gh${'p_'}${'aB3'.repeat(12)}`
const files = { app: { ok: 'fine' }, bad: { lib: { conf: `token=${TOKEN}` } } }

test('a violation stops every output before anything is named', async (t) => {
  const cwd = t.testdir({ ...files, 'a.tar': 'before' })
  const outputs = [
    'type=oci,dest=a.tar',
    'type=docker,dest=b.tar',
    'type=oci,dest=layout,tar=false',
    'type=image,name=x'
  ]
  const more = ['tree', 'type=tar,dest=c.tar']
  const flags = [...outputs, ...more].flatMap((output) => ['-o', output])
  const ran = await layerpipe(['export', 'bad', ...flags, '--policy', 'secrets', '--policy-report', 'p.json'], { cwd })
  t.equal(ran.code, 1, ran.stderr)
  t.match(ran.stderr, /1 violation of the policy: found \/lib\/conf holds a GitHub token \(secrets\)/)
  t.same(
    (await readdir(cwd)).filter((name) => name !== '.cache'),
    ['a.tar', 'app', 'bad', 'p.json']
  )
  t.equal(await readFile(join(cwd, 'a.tar'), 'utf8'), 'before')
  t.match(JSON.parse(await readFile(join(cwd, 'p.json'), 'utf8')), [
    { violations: [{ rule: 'secrets', path: 'lib/conf', layer: 0 }] }
  ])
  t.equal((await layerpipe(['store', 'ls'], { cwd })).stdout.toString(), '')
})

test('standard output gets no whole tar of what a policy refuses', async (t) => {
  const cwd = t.testdir(files)
  const ran = await layerpipe(['export', 'bad', '-o', '-', '--policy', 'secrets'], { cwd })
  t.equal(ran.code, 1, ran.stderr)
  t.notMatch(ran.stdout.toString('latin1'), TOKEN)
})

test('an image that keeps the policy is what it would be without one', async (t) => {
  const cwd = t.testdir(files)
  const made = async (flags: readonly string[]) => {
    const ran = await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar', '-o', 'tree', ...flags], { cwd })
    t.equal(ran.code, 0, ran.stderr)
    return ran.stdout.toString()
  }
  const judged = await made(['--policy', 'hardened', '--policy', 'tidy', '--policy-report', 'p.json'])
  t.equal(judged, await made([]))
  t.same(JSON.parse(await readFile(join(cwd, 'p.json'), 'utf8')), [])
})

test('layers of an image that is only passed on are judged, too', async (t) => {
  const cwd = t.testdir(files)
  await layerpipe(['export', 'bad', '-q', '-o', 'type=oci,dest=a.tar'], { cwd })
  const ran = await layerpipe(
    ['export', 'oci-archive:a.tar', '-o', 'type=oci,dest=b.tar', '-o', 'type=docker,dest=c.tar', '--policy', 'secrets'],
    { cwd }
  )
  t.equal(ran.code, 1, ran.stderr)
  t.same(
    (await readdir(cwd)).filter((name) => name.endsWith('.tar')),
    ['a.tar']
  )
})

test('a policy is a file: JSON, or a module of rules', async (t) => {
  const cwd = t.testdir({
    ...files,
    'p.json': '{"forbidden-paths":["ok"]}',
    'p.mjs': 'export default [{ name: "tiny", judge: () => ({ image: (bytes) => bytes > 3 ? "is large" : null }) }]',
    'none.mjs': 'export default 3'
  })
  const ran = (policy: string) => layerpipe(['export', 'app', '-o', 'type=cacheonly', '--policy', policy], { cwd })
  t.match((await ran('p.json')).stderr, /\/ok is a forbidden path/)
  t.match((await ran('p.mjs')).stderr, /the image is large \(tiny\)/)
  for (const wrong of ['none.mjs', 'absent.json', 'secretz']) t.equal((await ran(wrong)).code, 2, wrong)
})

test('a policy that is wrong says what is wrong with it', async (t) => {
  const cwd = t.testdir({
    ...files,
    'broken.mjs': 'export default [',
    'typed.ts': 'const rules: readonly object[] = []\nexport default rules',
    'throws.mjs': 'export default [{ name: "strict", judge: () => ({ entry: () => { throw new Error("lost") } }) }]',
    'shape.mjs': 'export default [{ name: "simple", judge: (entry) => entry.path }]'
  })
  const said = async (policy: string) => {
    return (await layerpipe(['export', 'app', '-q', '-o', 'type=cacheonly', '--policy', policy], { cwd })).stderr
  }
  t.match(await said('absent'), /found nothing at that path/)
  t.match(await said('broken.mjs'), /found Unexpected end of input/)
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const readsTypes = major > 22 || (major === 22 && minor >= 18)
  t.equal(await said('typed.ts').then((text) => /use Node\.js 22\.18/.test(text)), !readsTypes)
  t.match(await said('throws.mjs'), /rule strict: lost\. The rule is at fault/)
  t.match(await said('shape.mjs'), /rule simple: Cannot read properties of undefined/)
})
