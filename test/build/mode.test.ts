import { spawnSync } from 'node:child_process'
import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { parseModeChange } from '../../lib/build/mode.js'

const CHANGES = [
  ...['g=u', 'go=u-w', 'o=g', 'u=o', 'u+g', 'a-o', 'g=u,o=g', 'u=rwx,go=u-w', 'g-u+x', 'ug=o+r'],
  ...['u=rwX,go=rX', 'go-w', 'a+x', '=r', '640', 'u+s', 'g=', 'o+t']
]

test('a mode changes as chmod(1) changes it, permissions of another class included', (t) => {
  const path = join(t.testdir({}), 'file')
  writeFileSync(path, '')
  for (const change of CHANGES) {
    for (const mode of [0o640, 0o751, 0o26, 0o777, 0]) {
      chmodSync(path, mode)
      spawnSync('sh', ['-c', 'umask 0; chmod "$0" "$1"', change, path])
      const changed = parseModeChange(change)?.(mode, false)
      t.equal(changed?.toString(8), (statSync(path).mode & 0o7777).toString(8), `${change} of ${mode.toString(8)}`)
    }
  }
  t.end()
})

test('what chmod(1) does not take is no mode', (t) => {
  for (const text of ['', 'g=ur', 'g=z', 'u', 'rwx', '8', '17777']) t.equal(parseModeChange(text), null, text)
  t.end()
})
