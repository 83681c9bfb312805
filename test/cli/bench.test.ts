import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { layerpipe as layerpipeProcess } from '../helpers/command.js'
import { layerpipe } from '../helpers/command-here.js'

const tree = { app: { 'a.txt': 'some text\n'.repeat(5000), lib: { 'b.js': 'export const b = 1\n'.repeat(100) } } }
const settings = ['--compression', 'gzip:1,zstd:3', '--progress', 'quiet']

test('bench prints a table that fits, and an output that can be exported to', async (t) => {
  const cwd = t.testdir(tree)
  const ran = await layerpipeProcess(['bench', 'app', ...settings, '--goal', 'min-size'], { cwd })
  t.equal(ran.code, 0, ran.stderr)
  const table = ran.stdout.toString()
  t.match(table, /1 layer of 5\d\.\d+kB, /)
  for (const setting of ['gzip:1', 'zstd:3']) t.match(table, new RegExp(`^[* ] ${setting} +\\d+B +\\d`, 'm'))
  t.match(table, /For min-size at 100mbit: [a-z]+:\d\n {2}--output type=oci,dest=image.tar,compression=[a-z]+,comp/)
  for (const line of table.split('\n')) t.ok(line.length <= 80, line)
  const output = /--output (\S+)/.exec(table)?.[1] ?? ''
  t.equal((await layerpipe(['export', 'app', '-q', '-o', output], { cwd })).code, 0)
  t.ok((await readdir(cwd)).includes('image.tar'))
})

test('bench prints JSON, and writes a page', async (t) => {
  const cwd = t.testdir(tree)
  const more = ['--goal', 'min-pull,bandwidth=10mbit', '--report', 'bench.html']
  const ran = await layerpipe(['bench', 'app', '--json', ...settings, '--bandwidth', '1gbit', ...more], { cwd })
  const report = JSON.parse(ran.stdout.toString())
  t.match(report, {
    input: { layers: 1, size: Number, sample: Number },
    machine: { threads: Number, node: String },
    recommendation: { goal: { name: 'min-pull', bandwidth: 10e6 }, outputKeys: /^compression=/ }
  })
  t.equal(report.results.length, 2)
  t.match(report.results[1], { setting: { codec: 'zstd', level: 3 }, transfers: [{ bandwidth: 1e9 }] })
  const page = await readFile(join(cwd, 'bench.html'), 'utf8')
  t.match(page, /^<!doctype html>[\s\S]*<title>Compression of app<[\s\S]*<svg /)
})

test('a page that can not be written is refused before any work', async (t) => {
  const ran = await layerpipe(['bench', 'app', '--report', 'app', ...settings], { cwd: t.testdir(tree) })
  t.ok(ran.code !== 0 && ran.stdout.length === 0, ran.stderr)
})

test('bench prints CSV', async (t) => {
  const cwd = t.testdir(tree)
  const ran = await layerpipe(['bench', 'app', '--csv', ...settings], { cwd })
  const [names = [], ...rows] = ran.stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
  t.equal(rows.length, 2)
  for (const row of rows) t.equal(row.length, names.length)
  t.same(names.slice(0, 4), ['codec', 'level', 'size', 'ratio'])
  t.ok(names.includes('push_seconds_100mbit') && names.includes('pull_seconds_1gbit'))
  t.equal(rows.filter((row) => row.at(-1) === 'true').length, 1, 'one is recommended')
})

const mistakes: readonly (readonly [words: readonly string[], message: RegExp])[] = [
  [[], /missing required argument 'SOURCE'/],
  [['none'], /nothing at that path/],
  [['app', '--compression', 'zstd:1-30'], /expected levels from 0 to 22 for zstd/],
  [['app', '--bandwidth', 'fast'], /read bandwidth: "fast": expected a number of kbit, mbit or gbit/],
  [['app', '--sample', '64'], /read size: "64"/],
  [['app', '--json', '--csv'], /--json or --csv/]
]

for (const [words, message] of mistakes) {
  test(`layerpipe bench ${words.join(' ')}: exits 2`, async (t) => {
    const ran = await layerpipe(['bench', ...words], { cwd: t.testdir(tree) })
    t.equal(ran.code, 2, ran.stderr)
    t.match(ran.stderr, message)
    t.equal(ran.stdout.length, 0)
  })
}
