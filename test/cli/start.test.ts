import { test } from 'tap'
import { loadedPackages } from '../helpers/loaded-packages.js'

/** What comes with every run of the program: the command line. */
const ALWAYS = ['commander', 'fastest-levenshtein']

test('help and the version load what reads command lines and nothing else', async (t) => {
  for (const words of [['--version'], ['--help'], ['export', '--help']]) {
    t.same(await loadedPackages(words, t.testdir({})), ALWAYS)
  }
})

test('a directory is exported to an archive without what reads images, Dockerfiles and registries', async (t) => {
  const cwd = t.testdir({ app: { file: 'contents' } })
  const loaded = await loadedPackages(['export', 'app', '-o', 'type=oci,dest=app.tar'], cwd)
  for (const name of ['tar-stream', 'pump']) t.ok(loaded.includes(name), name)
  const others = ['@mongodb-js/zstd', '@viz-js/viz', 'bcryptjs', 'dockerfile-ast', 'fzstd', 'log-update', 'mississippi']
  for (const name of [
    ...others,
    'parallel-transform',
    'peek-stream',
    'undici',
    'vega',
    'vega-lite',
    'xxhash-wasm',
    'zod'
  ]) {
    t.notOk(loaded.includes(name), name)
  }
})
