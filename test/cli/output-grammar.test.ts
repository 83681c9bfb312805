import fc from 'fast-check'
import { test } from 'tap'
import { parseCsvRecord } from '../../lib/cli/csv.js'
import { parseOutput } from '../../lib/cli/output-grammar.js'
import { UsageError } from '../../lib/errors.js'

const read = (text: string) => {
  const request = parseOutput(text)
  return request && [request.type, ...request.fields.map(({ key, value }) => `${key}=${value}`)]
}

test('fields are split at commas and not trimmed', async (t) => {
  t.same(read('type=oci,dest= a b ,name=x'), ['oci', 'dest= a b ', 'name=x'])
  t.same(read('type=oci,dest='), ['oci', 'dest='])
})

test('a field that starts with a quote is quoted, and two quotes in it are one', async (t) => {
  t.same(read('type=image,"name=a,b",push=true'), ['image', 'name=a,b', 'push=true'])
  t.same(read('type=oci,"dest=a""b,c"'), ['oci', 'dest=a"b,c'])
  t.same(read('"type=oci"'), ['oci'])
})

test('a quote that is not closed, or inside a bare field, is an error', async (t) => {
  for (const text of ['type=oci,"dest=a', 'type=oci,dest="a"', 'type=oci,"dest=a"b', '"', 'type=oci,""""""x']) {
    t.throws(() => parseOutput(text), { code: 'ERR_USAGE', message: /quote/ }, text)
  }
})

test('keys are trimmed and lower-cased, values are verbatim', async (t) => {
  t.same(read(' TYPE =oci, Dest =A=B '), ['oci', 'dest=A=B '])
})

test('the key of an annotation keeps its case, its family does not', async (t) => {
  t.same(read('type=oci,Annotation.Some.KEY=V'), ['oci', 'annotation.Some.KEY=V'])
  t.same(read('type=oci,ANNOTATION-Index[Linux/AMD64].K=V'), ['oci', 'annotation-index[linux/amd64].K=V'])
})

test('a field without an equals sign is an error', async (t) => {
  t.throws(() => parseOutput('type=oci,push'), {
    code: 'ERR_USAGE',
    message: 'read --output: type=oci,push: expected key=value, found "push"'
  })
  t.throws(() => parseOutput('type=oci,'), UsageError)
  t.throws(() => parseOutput('out,other'), UsageError)
})

test('a single field without a type is a shorthand', async (t) => {
  t.same(read('-'), ['tar', 'dest=-'])
  t.same(read('out'), ['local', 'dest=out'])
  t.same(read('./a=b'), ['local', 'dest=./a=b'])
  t.same(read('Type=oci'), ['local', 'dest=Type=oci'], 'the prefix that makes it a field has one spelling')
})

test('a type is required', async (t) => {
  t.throws(() => parseOutput('dest=a,name=b'), { code: 'ERR_USAGE', message: /^type is required for output/ })
  t.throws(() => parseOutput('type='), { message: /^type is required for output/ })
})

test('an empty output is skipped', async (t) => {
  t.equal(parseOutput(''), null)
})

test('of two types the last counts', async (t) => {
  t.same(read('type=oci,type=docker,dest=a'), ['docker', 'dest=a'])
})

test('what is quoted comes back as it was', async () => {
  const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (fields) => {
      const back = parseCsvRecord(fields.map(quote).join(','))
      return JSON.stringify(back) === JSON.stringify(fields)
    })
  )
})

test('no text gives anything but a request or a UsageError', async () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseOutput(text)
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
      }
    })
  )
})
