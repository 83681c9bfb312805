import { test } from 'tap'
import { parseAnnotation, parseAnnotationAttribute } from '../../lib/image/annotations.js'

test('an annotation without a type is for every manifest', (t) => {
  t.same(parseAnnotation('a.b=c=d'), [{ target: 'manifest', platform: null, key: 'a.b', value: 'c=d' }])
  t.same(parseAnnotation('a='), [{ target: 'manifest', platform: null, key: 'a', value: '' }])
  t.end()
})

test('an annotation may have several types, each with its platform', (t) => {
  t.same(parseAnnotation('index,manifest[linux/arm64],manifest-descriptor:Key=v:w'), [
    { target: 'index', platform: null, key: 'Key', value: 'v:w' },
    { target: 'manifest', platform: { os: 'linux', architecture: 'arm64' }, key: 'Key', value: 'v:w' },
    { target: 'manifest-descriptor', platform: null, key: 'Key', value: 'v:w' }
  ])
  t.end()
})

test('an attribute names the type and the platform before the key', (t) => {
  t.same(parseAnnotationAttribute('annotation.A.b', 'c'), {
    target: 'manifest',
    platform: null,
    key: 'A.b',
    value: 'c'
  })
  t.same(parseAnnotationAttribute('annotation-manifest-descriptor[linux/amd64].K', 'v'), {
    target: 'manifest-descriptor',
    platform: { os: 'linux', architecture: 'amd64' },
    key: 'K',
    value: 'v'
  })
  t.match(parseAnnotationAttribute('annotation[linux/arm/v7].K', 'v'), { platform: { variant: 'v7' } })
  t.equal(parseAnnotationAttribute('compression', 'gzip'), null)
  t.equal(parseAnnotationAttribute('annotations', 'x'), null)
  t.end()
})

test('a wrong annotation is a usage error that suggests the nearest type', (t) => {
  t.throws(() => parseAnnotation('manifst:a=b'), { code: 'ERR_USAGE', message: /did you mean manifest\?/i })
  for (const text of ['', 'a', '=b', 'index:=b', 'index[linux/amd64]:a=b', 'manifest[x y]:a=b', 'a,b:c=d', ':a=b']) {
    t.throws(() => parseAnnotation(text), { code: 'ERR_USAGE' }, text)
  }
  for (const name of ['annotation.', 'annotation-foo.a', 'annotation-index[linux/amd64].a', 'annotation[].a']) {
    t.throws(() => parseAnnotationAttribute(name, 'v'), { code: 'ERR_USAGE' }, name)
  }
  t.end()
})
