import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'

const moduleOf = (name: string): string => JSON.stringify(new URL(`../../lib/save/${name}.js`, import.meta.url).href)

/** Merges a file into a directory that has a directory of its name, and does `act` in place of the second rename. */
function mergeAndStop(t: Test, act: string) {
  const destination = join(t.testdir({ out: { a: { old: 'old' } } }), 'out')
  const program = `
    import fs from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    import { createStagedTree } from ${moduleOf('staged-tree')}
    import { createOmissions } from ${moduleOf('omissions')}
    const tree = await createStagedTree({ destination: process.argv[1], removes: false, omissions: createOmissions() })
    fs.writeFileSync(tree.path + '/a', 'new')
    const { renameSync } = fs
    let renames = 0
    fs.renameSync = (from, to) => {
      renames += 1
      if (renames === 2) { ${act} }
      renameSync(from, to)
    }
    syncBuiltinESMExports()
    try { await tree.commit() } catch (error) { console.log(error.message) } finally { tree.abandon() }`
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program, destination], { encoding: 'utf8' })
  return { ...ran, destination }
}

test('a directory that a file replaces is back where that fails', async (t) => {
  const { stdout, destination } = mergeAndStop(t, 'throw Object.assign(new Error(), { code: "EIO" })')
  t.match(stdout, /input\/output error/)
  t.same(readdirSync(destination), ['a'])
  t.equal(readFileSync(join(destination, 'a/old'), 'utf8'), 'old')
})

test('a directory that was put aside by an export that was killed stayed for ever', async (t) => {
  const { signal, destination } = mergeAndStop(t, 'process.kill(process.pid, "SIGKILL")')
  t.equal(signal, 'SIGKILL')
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', AGAIN, destination], {
    encoding: 'utf8'
  })
  t.equal(stdout, '')
  t.same(readdirSync(destination), ['a'])
  t.equal(readFileSync(join(destination, 'a'), 'utf8'), 'new')
})

const AGAIN = `
  import { writeFileSync } from 'node:fs'
  import { createStagedTree } from ${moduleOf('staged-tree')}
  import { createOmissions } from ${moduleOf('omissions')}
  const tree = await createStagedTree({ destination: process.argv[1], removes: false, omissions: createOmissions() })
  writeFileSync(tree.path + '/a', 'new')
  await tree.commit()
  tree.abandon()`
