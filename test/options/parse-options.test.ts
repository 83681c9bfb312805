import fc from 'fast-check'
import { test } from 'tap'
import { UsageError } from '../../lib/errors.js'
import type { OptionTable } from '../../lib/options/option.js'
import { parseOptions } from '../../lib/options/parse-options.js'

const table = {
  push: { key: 'push', aliases: ['registry.push'], kind: 'boolean', default: false, help: '' },
  level: { key: 'level', kind: 'integer', minimum: 0, maximum: 22, default: null, help: '' },
  threads: { key: 'threads', kind: 'integer', minimum: 1, maximum: 64, default: 2, help: '' },
  mode: { key: 'mode', kind: 'choice', choices: ['copy', 'delete'], default: 'copy', help: '' },
  codecs: { key: 'codec', kind: 'list', choices: ['gzip', 'zstd'], default: ['gzip'], help: '' },
  names: { key: 'name', kind: 'list', default: [], help: '' },
  labels: { key: 'label', kind: 'repeated', default: ['standard'], help: '' },
  destination: { key: 'dest', kind: 'text', default: null, help: '' },
  annotations: { key: 'annotation', kind: 'annotations', default: [], help: '' }
} as const satisfies OptionTable

const origin = { operation: 'read --output', subject: 'type=x', owner: 'the x exporter' }
const parse = (...pairs: readonly (readonly [string, string])[]) =>
  parseOptions(
    table,
    pairs.map(([key, value]) => ({ key, value })),
    origin
  )

test('what is not given has its default', async (t) => {
  t.same(parse(), {
    push: false,
    level: null,
    threads: 2,
    mode: 'copy',
    codecs: ['gzip'],
    names: [],
    labels: ['standard'],
    destination: null,
    annotations: []
  })
})

test('booleans are spelled as in Go, and empty means true', async (t) => {
  for (const text of ['1', 't', 'T', 'true', 'TRUE', 'True', '']) t.equal(parse(['push', text]).push, true, text)
  for (const text of ['0', 'f', 'F', 'false', 'FALSE', 'False']) t.equal(parse(['push', text]).push, false, text)
  for (const text of ['yes', 'no', 'tRUE', ' true', '2']) {
    t.throws(() => parse(['push', text]), { code: 'ERR_USAGE', message: /push: expected true or false/ }, text)
  }
})

test('a number out of range is told the range', async (t) => {
  t.equal(parse(['level', '22']).level, 22)
  t.throws(() => parse(['level', '23']), {
    message: 'read --output: type=x: level: expected a whole number from 0 to 22, found "23"'
  })
  for (const text of ['-1', '1.5', 'x', '1e1', '0x1', ' 1', '99999999999999999999']) {
    t.throws(() => parse(['level', text]), UsageError, text)
  }
})

test('an empty number is none where there may be none', async (t) => {
  t.equal(parse(['level', '9'], ['level', '']).level, null)
  t.throws(() => parse(['threads', '']), UsageError)
})

test('a choice that does not exist is told the choices and the nearest', async (t) => {
  t.equal(parse(['mode', 'delete']).mode, 'delete')
  t.throws(() => parse(['mode', 'delte']), {
    message: 'read --output: type=x: mode: expected copy or delete, found "delte". Did you mean "delete"?'
  })
})

test('a list is split at commas, and each part has to be a choice where there are choices', async (t) => {
  t.same(parse(['name', 'a,b,,c']).names, ['a', 'b', 'c'])
  t.same(parse(['codec', 'gzip,zstd']).codecs, ['gzip', 'zstd'])
  t.throws(() => parse(['codec', 'gzip,zst']), { message: /Did you mean "zstd"\?/ })
})

test('repeated options add up and replace the default, all others keep the last', async (t) => {
  t.same(parse(['label', 'a=b'], ['label', 'c,d']).labels, ['a=b', 'c,d'])
  t.equal(parse(['dest', 'a'], ['dest', 'b']).destination, 'b')
  t.same(table.labels.default, ['standard'])
})

test('an alias means its option', async (t) => {
  t.equal(parse(['registry.push', 'true']).push, true)
  t.equal(parse(['registry.push', 'true'], ['push', 'false']).push, false)
})

test('an unknown key suggests the nearest, or lists all', async (t) => {
  t.throws(() => parse(['thraeds', '1']), {
    code: 'ERR_USAGE',
    message: 'read --output: type=x: expected a key of the x exporter, found "thraeds". Did you mean "threads"?'
  })
  t.throws(() => parse(['zzz', '1']), { message: /It has push, registry.push, level, / })
  t.throws(() => parseOptions({}, [{ key: 'a', value: '' }], origin), { message: /It has none/ })
  t.throws(() => parse(['constructor', '1']), UsageError)
})

test('annotations have a target, a platform and a key of their own', async (t) => {
  t.same(
    parse(
      ['annotation.a.b', '1'],
      ['annotation[linux/arm/v7].K', '2'],
      ['annotation-index.K', ''],
      ['annotation-manifest-descriptor[linux/aarch64].K', '3'],
      ['annotation-index-descriptor.K', '4']
    ).annotations,
    [
      { target: 'manifest', platform: null, key: 'a.b', value: '1' },
      { target: 'manifest', platform: 'linux/arm/v7', key: 'K', value: '2' },
      { target: 'index', platform: null, key: 'K', value: '' },
      { target: 'manifest-descriptor', platform: 'linux/arm64', key: 'K', value: '3' },
      { target: 'index-descriptor', platform: null, key: 'K', value: '4' }
    ]
  )
})

test('the last of two equal annotations wins', async (t) => {
  t.same(parse(['annotation.K', '1'], ['annotation-manifest.K', '2']).annotations, [
    { target: 'manifest', platform: null, key: 'K', value: '2' }
  ])
})

test('an annotation for a target that does not exist is an error', async (t) => {
  t.throws(() => parse(['annotation-indx.K', '1']), { message: /expected annotation.KEY.*found "annotation-indx.K"/ })
  t.throws(() => parse(['annotation-index[linux/amd64].K', '1']), UsageError)
  t.throws(() => parse(['annotation[a/b/c/d].K', '1']), { message: /read platform/ })
  t.throws(() => parse(['annotation.', '1']), UsageError)
  t.throws(() => parse(['annotation', '1']), UsageError)
})

test('no key and no value gives anything but a record or a UsageError', async () => {
  const key = fc.oneof(fc.string(), fc.constantFrom(...Object.values(table).map((option) => option.key), '__proto__'))
  fc.assert(
    fc.property(key, fc.string(), (name, value) => {
      try {
        parse([name, value])
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
      }
    })
  )
})
