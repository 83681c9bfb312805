import { readdir } from 'node:fs/promises'
import { test } from 'tap'
import { layerpipe } from '../helpers/command-here.js'

const mistakes: readonly (readonly [words: readonly string[], message: RegExp])[] = [
  [[], /a command is missing/],
  [['store'], /a command is missing/],
  [['exprot', 'app'], /unknown command 'exprot'\. Did you mean export\?/],
  [['export'], /missing required argument 'SOURCE'/],
  [['export', 'app', '--outptu', 'x'], /unknown option '--outptu'\. Did you mean --output\?/],
  [['export', 'app', '-o', 'type=oci,dest=a.tar,compresion=zstd'], /Did you mean "compression"\?/],
  [['export', 'app', '-o', 'type=oci,dest=a.tar,compression=auto,compression-level=3'], /no level for auto/],
  [['export', 'app', '-o', 'type=oci,dest=a.tar,"compression=auto,gzip"'], /expected auto alone/],
  [['export', 'app', '-o', 'dest=a.tar,name=x'], /type is required for output/],
  [['export', 'app', '-o', 'new/out', '-o', 'type=local'], /dest is required/],
  [['export', 'app', '--push'], /tag is needed when pushing to registry/],
  [['export', 'app', '-o', 'out', '--platform', 'a/b/c/d'], /read platform/],
  [['export', 'app', '-o', 'out', '--change', 'RUN x'], /--change/],
  [['export', 'app', '-o', 'out', '--change', 'CMDD x'], /Did you mean CMD\?/i],
  [['export', 'app', '-o', 'out', '--label', '=x'], /no key/],
  [['export', 'app', '-o', 'out', '--diff'], /--base SOURCE/],
  [['export', 'app', '-o', 'out', '--progress', 'fancy'], /expected auto, tty, plain, quiet or rawjson/],
  [['export', 'ap', '-o', 'out'], /nothing at that path/],
  [['export', 'app', '-o', 'type=oci,dest=a.tar', '--iidfile', './a.tar'], /expected a file of its own/],
  [['export', 'app', '-o', 'out', '--iidfile', 'id', '--metadata-file', './id'], /of its own, found another report/],
  [['export', 'app:/srv', '-o', 'out'], /found a path with a target\. Write dir:app:\/srv/],
  [['export', 'app', '-o', 'type=oic,dest=a.tar'], /Did you mean "oci"\?/],
  [['export', 'app', '-o', 'out', '--policy', 'secrts'], /Did you mean secrets\?/],
  [['export', 'app', '--frobnicate'], /See layerpipe export --help/],
  [['store', 'rm'], /See layerpipe store rm --help/],
  [['store', 'frobnicate'], /See layerpipe store --help/],
  [['inspect', 'app', '--diff', 'app', '--files'], /expected --diff without [^,]*, --files/],
  [['export', 'app', '--base', 'app', '-o', 'out', '--base', 'app'], /--base: expected --base once, found it twice/],
  [['bench', 'app', '--bandwidth', '1gbit', '--bandwidth', '2gbit'], /once, with commas between values/],
  [
    ['export', 'app', '-o', 'type=oci,dest=a,compression=estargz', '--estargz-prioritize', 'nofile'],
    /read list of paths: --estargz-prioritize nofile: expected a path a line, found nothing at that path\. Check the path/
  ],
  [
    ['export', 'app', '-o', 'out', '--ca', 'no.pem'],
    /read certificates: --ca no\.pem: expected a PEM file, found noth/
  ],
  [['inspect', 'docker://a.test/b', '--insecure-registry', 'https://a.test'], /expected HOST\[:PORT\]/],
  [['inspect', 'docker://a.test/b', '--insecure-registry', 'registry'], /expected HOST\[:PORT\]/],
  [['export', 'app', '-o', 'out', '--policy', 'no.json'], /read policy: no\.json: expected a JSON file, found nothing/],
  [['inspect', 'app', 'app'], /too many arguments/]
]

for (const [words, message] of mistakes) {
  test(`layerpipe ${words.join(' ')}: exits 2 and touches nothing`, async (t) => {
    const cwd = t.testdir({ app: { a: 'a' } })
    const ran = await layerpipe(words, { cwd })
    t.equal(ran.code, 2, ran.stderr)
    t.match(ran.stderr, message)
    t.match(ran.stderr, /^layerpipe: [^\n]+\n/)
    t.notMatch(ran.stderr, /\n +at /, 'no stack')
    t.equal(ran.stdout.length, 0)
    t.same(await readdir(cwd), ['app'])
  })
}

test('help and version are what was asked for, so they go to standard output', async (t) => {
  const cwd = t.testdir()
  for (const words of [['--help'], ['-h'], ['help'], ['export', '--help'], ['help', 'build'], ['store', '--help']]) {
    const ran = await layerpipe(words, { cwd })
    t.equal(ran.code, 0)
    t.match(ran.stdout.toString(), /Usage: layerpipe [\s\S]*Example/)
    for (const line of ran.stdout.toString().split('\n'))
      t.ok(line.length <= 80 || line.startsWith('  layerpipe '), line)
  }
  t.match((await layerpipe(['--version'], { cwd })).stdout.toString(), /^\d+\.\d+\.\d+\n$/)
})
