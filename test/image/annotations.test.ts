import { test } from 'tap'
import { checkAnnotations, parseAnnotation } from '../../lib/image/annotations.js'

test('an annotation without a type is for every manifest', (t) => {
  t.same(parseAnnotation('a.b=c=d'), [{ target: 'manifest', platform: null, key: 'a.b', value: 'c=d' }])
  t.same(parseAnnotation('a='), [{ target: 'manifest', platform: null, key: 'a', value: '' }])
  t.end()
})

test('an annotation may have several types, each with its platform', (t) => {
  t.same(parseAnnotation('index,manifest[linux/aarch64],manifest-descriptor:Key=v:w'), [
    { target: 'index', platform: null, key: 'Key', value: 'v:w' },
    { target: 'manifest', platform: 'linux/arm64', key: 'Key', value: 'v:w' },
    { target: 'manifest-descriptor', platform: null, key: 'Key', value: 'v:w' }
  ])
  t.end()
})

test('a wrong annotation is a usage error that suggests the nearest type', (t) => {
  t.throws(() => parseAnnotation('manifst:a=b'), { code: 'ERR_USAGE', message: /did you mean manifest\?/i })
  for (const text of ['', 'a', '=b', 'index:=b', 'index[linux/amd64]:a=b', 'manifest[x y]:a=b', 'a,b:c=d', ':a=b']) {
    t.throws(() => parseAnnotation(text), { code: 'ERR_USAGE' }, text)
  }
  t.end()
})

test('an annotation for the descriptor of an index over a single manifest is refused, not lost', (t) => {
  const amd64 = { os: 'linux', architecture: 'amd64' }
  const arm64 = { os: 'linux', architecture: 'arm64' }
  for (const type of ['index', 'index-descriptor']) {
    const annotations = parseAnnotation(`${type}:a=b`)
    t.throws(() => checkAnnotations(annotations, [amd64]), { code: 'ERR_USAGE', message: /expected an index/ }, type)
    t.doesNotThrow(() => checkAnnotations(annotations, [amd64, arm64]), type)
  }
  t.end()
})
