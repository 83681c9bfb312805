import { test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'

const old = { etc: { same: 'x', gone: 'four' }, bin: { tool: 'old' } }
const now = { etc: { same: 'x', fresh: 'twelve bytes' }, bin: { tool: 'newer' } }

async function output(cwd: string, words: readonly string[]): Promise<string> {
  const ran = await layerpipe(words, { cwd })
  if (ran.code !== 0) throw new Error(ran.stderr)
  return ran.stdout.toString()
}

test('two sources are compared by path, whatever they are', async (t) => {
  const cwd = t.testdir({ old, now })
  await output(cwd, ['export', 'now', '-q', '-o', 'type=oci,dest=now.tar,compression=zstd'])
  const text = await output(cwd, ['inspect', 'old', '--diff', 'oci-archive:now.tar'])
  t.equal(
    text,
    [
      'C       +2B bin/tool (content)',
      'A      +12B etc/fresh',
      'D       -4B etc/gone',
      '1 added, +12B; 1 changed, +2B; 1 deleted, -4B',
      ''
    ].join('\n')
  )
})

test('differences can be sorted by size, and had as JSON', async (t) => {
  const cwd = t.testdir({ old, now })
  const text = await output(cwd, ['inspect', 'old', '--diff', 'now', '--sort', 'size', '--json'])
  t.match(JSON.parse(text), [
    { path: 'etc/fresh', kind: 'added', before: 0, after: 12 },
    { path: 'etc/gone', kind: 'deleted' },
    { path: 'bin/tool', kind: 'changed', aspects: ['content'] }
  ])
})

test('equal sources have no differences', async (t) => {
  const cwd = t.testdir({ old })
  t.equal(await output(cwd, ['inspect', 'old', '--diff', 'old']), 'no differences\n')
})

test('layers show what they hold, and history the steps', async (t) => {
  const cwd = t.testdir({ old, next: { etc: { same: 'x' } } })
  await output(cwd, ['export', 'old', '-q', '-o', 'type=oci,dest=a.tar', '--change', 'CMD ["x"]'])
  const flags = ['--base', 'oci-archive:a.tar', '--diff']
  await output(cwd, ['export', 'dir:next', ...flags, '-q', '-o', 'type=oci,dest=b.tar'])
  const text = await output(cwd, ['inspect', 'oci-archive:b.tar', '--layers', '--history'])
  t.match(text, /application\/vnd\.oci\.image\.layer\.v1\.tar\+gzip\n +diffID sha256:[0-9a-f]{64}\n +5 entries, 8B\n/)
  t.match(text, /entr(y|ies), \d+B, 2 of them deletions/)
  t.match(text, /^History: {4}\d steps$/m)
  t.match(text, /^ {2}\d{4}-\S+ +\d+B {2}COPY/m)
  const all = await output(cwd, ['inspect', 'oci-archive:a.tar', '--layers', '--files'])
  t.equal(all.split('etc/same').length, 2, 'where all entries are listed, the largest are not listed before')
  const [image] = JSON.parse(await output(cwd, ['inspect', 'oci-archive:b.tar', '--json']))
  t.match(image.layers[0].history.at(-1), { created_by: /^COPY/ })
})

test('the entries of a layer come as they lie in it, or the largest first: --sort was without effect on them', async (t) => {
  const cwd = t.testdir({ app: { a: 'a', b: 'bbb', c: 'cc' } })
  const pathsOf = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const [image] = JSON.parse(await output(cwd, ['inspect', 'app', '--files', '--json', ...flags]))
    return image.layers[0].entries.map(({ path }: { path: string }) => path)
  }
  t.same(await pathsOf(), ['a', 'b', 'c'])
  t.same(await pathsOf('--sort', 'size'), ['b', 'c', 'a'])
  t.match(await output(cwd, ['inspect', 'app', '--files', '--sort', 'size']), / b\n.* c\n.* a\n/)
})

test('an image without a name was to be named all the same', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  const outputs = ['-o', 'type=oci,dest=a.tar', '-o', 'type=docker,dest=b.tar']
  await layerpipe(['export', 'app', '-q', ...outputs], { cwd })
  const layout = await layerpipe(['inspect', 'oci-archive:a.tar:none'], { cwd })
  const digest = /expected none, found (sha256:[0-9a-f]{64})\. Name one of those behind a colon/.exec(
    layout.stderr
  )?.[1]
  t.equal((await layerpipe(['inspect', `oci-archive:a.tar:${digest}`], { cwd })).code, 0, layout.stderr)
  const archive = await layerpipe(['inspect', 'docker-archive:b.tar:none'], { cwd })
  t.match(archive.stderr, /expected none, found 1 without a name\. Leave the name out/)
})

test('what a source had to say was kept from who inspects it', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  await output(cwd, ['export', 'app', '-q', '-o', 'type=oci,dest=a.tar,"compression=gzip,zstd"'])
  const { stdout, stderr } = await layerpipe(['inspect', 'oci-archive:a.tar', '--json'], { cwd })
  t.equal(JSON.parse(stdout.toString()).length, 1)
  t.match(stderr, /^NOTE: .*: of 2 variants for linux\/\w+ the first is read\n$/)
})
