import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { test } from 'tap'
import { LayerpipeError } from '../../lib/errors.js'
import { parseSource } from '../../lib/source/parse.js'

test('every prefix of the grammar is read', (t) => {
  t.same(parseSource('dir:some/where'), { kind: 'dir', path: resolve('some/where'), target: '' })
  t.same(parseSource('dir:some/where:/srv//app/'), { kind: 'dir', path: resolve('some/where'), target: 'srv/app' })
  t.same(parseSource('dir:.:/'), { kind: 'dir', path: resolve('.'), target: '' })
  t.same(parseSource('tar:a:b.tar'), { kind: 'tar', path: 'a:b.tar' })
  t.same(parseSource('tar:-'), { kind: 'tar', path: '-' })
  t.same(parseSource('-'), { kind: 'tar', path: '-' })
  t.same(parseSource('oci:layout'), { kind: 'oci', path: 'layout', name: null })
  t.same(parseSource('oci:layout:1.0'), { kind: 'oci', path: 'layout', name: '1.0' })
  t.same(parseSource('oci-archive:a.tar'), { kind: 'oci-archive', path: 'a.tar', name: null })
  t.same(parseSource('oci-archive:-:1'), { kind: 'oci-archive', path: '-', name: '1' })
  t.same(parseSource('docker-archive:a.tar:localhost:5000/a:1'), {
    kind: 'docker-archive',
    path: 'a.tar',
    name: 'localhost:5000/a:1'
  })
  t.same(parseSource('docker://alpine'), { kind: 'docker', name: 'docker.io/library/alpine:latest' })
  t.end()
})

test('a colon in a path that exists belongs to the path', (t) => {
  const here = t.testdir({ 'a:b': { 'c:/d': {} }, 'x:1.tar': 'x' })
  t.same(parseSource(`oci:${here}/a:b`), { kind: 'oci', path: `${here}/a:b`, name: null })
  t.same(parseSource(`oci:${here}/a:b:c`), { kind: 'oci', path: `${here}/a:b`, name: 'c' })
  t.same(parseSource(`oci-archive:${here}/x:1.tar:a:b`), { kind: 'oci-archive', path: `${here}/x:1.tar`, name: 'a:b' })
  t.same(parseSource(`dir:${here}/a:b:/x`), { kind: 'dir', path: join(here, 'a:b'), target: 'x' })
  t.same(parseSource(`dir:${here}/a:b/c:`), { kind: 'dir', path: join(here, 'a:b/c:'), target: '' })
  t.end()
})

test('a directory without a prefix is a layout or a directory', (t) => {
  const here = t.testdir({ layout: { 'oci-layout': '{}' }, tree: {} })
  t.same(parseSource(`${here}/layout`), { kind: 'oci', path: `${here}/layout`, name: null })
  t.same(parseSource(`${here}/tree`), { kind: 'dir', path: `${here}/tree`, target: '' })
  t.end()
})

test('what is no source is a usage error that says what to write', (t) => {
  const file = join(t.testdir({ 'a.tar': 'x' }), 'a.tar')
  const advice = [
    [file, `tar:${file}, oci-archive:${file} or docker-archive:${file}`],
    ['di:x', 'did you mean dir:x?'],
    ['oci-archiv:x:1', 'did you mean oci-archive:x:1?'],
    ['docker:alpine', 'write docker://alpine'],
    ['alpine:3', 'docker://alpine:3'],
    ['./missing', 'check the path'],
    ['oci:', 'write oci:DIRECTORY'],
    ['oci:x:', 'leave the colon out'],
    ['oci-archive::x', 'before the tag'],
    ['dir::/x', 'write dir:PATH'],
    ['dir:x:/a/../..', 'without it'],
    ['docker://Foo', 'lower case'],
    ['', 'check the path']
  ] as const
  for (const [text, part] of advice) {
    t.throws(() => parseSource(text), { code: 'ERR_USAGE' }, text)
    t.throws(() => parseSource(text), new RegExp(part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'i'), text)
  }
  t.end()
})

test('a path that can not even be looked at was told in the words of the system', (t) => {
  const file = join(t.testdir({ file: '' }), 'file')
  const inWords = { code: 'ERR_INPUT', message: /^read source: .*: found [^E].*\. [A-Z]/ }
  for (const text of [`${file}/`, 'x'.repeat(5000)]) t.throws(() => parseSource(text), inWords)
  const anyText = fc.string({
    unit: fc.constantFrom('a', ':', '/', '.', '@', '-', 'dir', 'oci-archive', 'docker', 'é')
  })
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        parseSource(text)
      } catch (error) {
        return error instanceof LayerpipeError
      }
      return true
    })
  )
  t.end()
})
