import { rmdirSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { noBrowser, openBrowser } from '../../helpers/browser.js'
import { layerpipe as layerpipeProcess } from '../../helpers/command.js'
import { layerpipe } from '../../helpers/command-here.js'

const HOSTILE = '<img src=x onerror=alert(1)>'

test('a report says what was made, and fetches nothing', async (t) => {
  const cwd = t.testdir({ app: { 'a.js': 'a'.repeat(5000), 'b.js': 'a'.repeat(5000), [HOSTILE]: 'x' } })
  const ran = await layerpipe(
    ['export', 'app', '-o', 'type=oci,dest=a.tar', '--report', 'r.html', '--trace', 't.json'],
    {
      cwd
    }
  )
  t.equal(ran.code, 0, ran.stderr)
  const page = await readFile(join(cwd, 'r.html'), 'utf8')
  t.notMatch(page, HOSTILE, 'names are text')
  t.notMatch(page, /(?:src|href)="?http/)
  t.match(page, /a\.js, \/b\.js/, 'duplicates')
  t.ok(JSON.parse(await readFile(join(cwd, 't.json'), 'utf8')).traceEvents.length > 10)
})

test('a run that fails leaves its report and its trace, which say why', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  const outputs = ['-o', 'type=registry,name=127.0.0.1:1/app:1', '-o', 'type=oci,dest=a.tar']
  const ran = await layerpipe(['export', 'app', ...outputs, '--report', 'r.html', '--trace', 't.json'], { cwd })
  t.equal(ran.code, 1)
  const page = await readFile(join(cwd, 'r.html'), 'utf8')
  t.match(page, /<p class="failure"><strong>Failed:<\/strong> look for blob: 127\.0\.0\.1:1\/app/)
  t.match(page, /class="node step failed"[\s\S]*>failed</, 'the step that failed is marked')
  const { traceEvents } = JSON.parse(await readFile(join(cwd, 't.json'), 'utf8'))
  t.match(
    traceEvents.find(({ name }: { name: string }) => name.startsWith('upload')),
    { args: { error: /^look for blob/ } }
  )
})

test('a report that cannot be written does not hide why the run failed', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' }, there: {} })
  const words = ['export', 'app', '-o', 'type=registry,name=127.0.0.1:1/app:1', '--trace', 'there/t.json']
  let replaced = false
  const ran = await layerpipeProcess(words, {
    cwd,
    onStderr: (text) => {
      if (replaced || !text.includes('#1 ')) return
      replaced = true
      rmdirSync(join(cwd, 'there'))
      writeFileSync(join(cwd, 'there'), 'no directory any more')
    }
  })
  t.match(ran.stderr, /\nlayerpipe: check destination: [^\n]*there: [^\n]*\nlayerpipe: look for blob: [^\n]*\n$/)
})

test('the same digests come out with a report as without', async (t) => {
  const cwd = t.testdir({ app: { a: 'a', b: { c: 'c' } } })
  const made = async (flags: readonly string[]) => {
    const ran = await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar', ...flags], { cwd })
    return ran.stdout.toString()
  }
  t.equal(await made(['--report', 'r.html']), await made([]))
})

test('a report that would replace an output is refused', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  const ran = await layerpipe(['export', 'app', '-o', 'type=oci,dest=a.tar', '--report', 'a.tar'], { cwd })
  t.equal(ran.code, 2, ran.stderr)
})

test('plans are drawn before any work', async (t) => {
  const cwd = t.testdir({ app: { a: 'a' } })
  const explained = async (form: string) => {
    const ran = await layerpipe(['export', 'app', '-o', 'type=oci,"dest=a\\""b.tar"', `--explain=${form}`], { cwd })
    t.equal(ran.code, 0, ran.stderr)
    return ran.stdout.toString()
  }
  t.match(await explained('dot'), /^digraph plan \{\n[\s\S]* n1 -> n2\n/)
  t.match(await explained('svg'), /^<svg [\s\S]*<\/svg>\s*$/)
  t.match(await explained('html'), /^<!doctype html>[\s\S]*<svg [\s\S]*<ol>/)
})

test('a report is used by keyboard, in a window of any width, light and dark', { skip: noBrowser }, async (t) => {
  const cwd = t.testdir()
  await mkdir(join(cwd, 'app/lib'), { recursive: true })
  for (const name of ['a', 'b', 'c']) await writeFile(join(cwd, 'app/lib', name), name.repeat(name.charCodeAt(0) * 9))
  await layerpipe(['export', 'app', '-q', '-o', 'type=oci,dest=a.tar', '--report', 'r.html'], { cwd })
  const browser = await openBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 400, height: 700 }, colorScheme: 'dark' })
  const problems: string[] = []
  page.on('console', (message) => problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(`file://${join(cwd, 'r.html')}`)
  const spilled = `[...document.querySelectorAll('.node')].filter((node) => {
    const [box, ...texts] = [node.querySelector('path'), ...node.querySelectorAll('text')].map((part) => part.getBBox())
    return texts.some(({ x, width }) => x < box.x || x + width > box.x + box.width)
  }).length`
  t.equal(await page.evaluate(spilled), 0, 'texts are no wider than their boxes')
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  t.equal(await page.evaluate(overflow), 0, 'the page itself is not wider than its window')
  await page.locator('.treemap g').first().focus()
  const first = await page.locator('.status').first().textContent()
  await page.keyboard.press('ArrowRight')
  const second = await page.locator('.status').first().textContent()
  t.match(first, /^\/lib\/c: 891B/)
  t.match(second, /^\/lib\/b: 882B/)
  const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const dark = await paper()
  await page.emulateMedia({ colorScheme: 'light' })
  t.not(await paper(), dark)
  t.same(problems, [])
})
