import { chmodSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { ownOwner, stateOf } from '../../lib/blob/owner.js'
import { createPendingName, removeLeftovers } from '../../lib/blob/pending-name.js'
import { publicDirectory } from '../helpers/public-directory.js'

const [host, pid, start] = ownOwner().split('-')
const DAY = 24 * 60 * 60

test('an owner is alive, dead, or elsewhere', (t) => {
  t.equal(stateOf(ownOwner()), 'alive')
  t.equal(stateOf(`${host}-${2 ** 30}-${start}`), 'dead', 'no such process')
  t.equal(stateOf(`${host}-${pid}-00000001`), 'dead', 'another process had the same number')
  t.equal(stateOf(`00000001-${pid}-${start}`), 'elsewhere')
  t.end()
})

test('only what nobody works on is removed, and nothing that merely looks similar', async (t) => {
  const directory = t.testdir()
  const kept = [
    createPendingName(),
    '.layerpipe-00000001-1-00000001-0123456789ab',
    '.layerpipe-lock',
    `.layerpipe-${host}-${2 ** 30}-${start}-0123456789ab.tar`,
    `x.layerpipe-${host}-${2 ** 30}-${start}-0123456789ab`
  ]
  const removed = [`.layerpipe-${host}-${2 ** 30}-${start}-0123456789ab`, '.layerpipe-00000002-1-00000001-0123456789ab']
  for (const name of [...kept, ...removed]) writeFileSync(join(directory, name), '')
  const long = Date.now() / 1000 - 8 * DAY
  utimesSync(join(directory, String(removed[1])), long, long)
  await removeLeftovers(directory)
  t.strictSame(readdirSync(directory).sort(), [...kept].sort())
})

const notRoot = process.getuid?.() !== 0 && 'only root can be another user'

test('what another user had left in a shared directory stopped the export', { skip: notRoot }, async (t) => {
  const name = `.layerpipe-${host}-${2 ** 30}-${start}-0123456789ab`
  const directory = publicDirectory(t)
  mkdirSync(join(directory, name))
  writeFileSync(join(directory, name, '1'), 'a spool')
  chmodSync(directory, 0o1777)
  const NOBODY = 65534
  process.seteuid?.(NOBODY)
  try {
    await removeLeftovers(directory)
  } finally {
    process.seteuid?.(0)
  }
  t.strictSame(readdirSync(directory), [name])
})
