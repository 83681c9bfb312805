import { resolve } from 'node:path'
import { test } from 'tap'
import { readContexts } from '../../lib/cli/build-contexts.js'

test('a context is known by the familiar name of an image, in lower case', (t) => {
  const names = ['alpine', 'alpine:latest', 'docker.io/library/alpine', 'Alpine', 'index.docker.io/library/alpine']
  for (const name of names) t.same(readContexts([`${name}=docker://x`]), { alpine: 'docker://x' }, name)
  t.same(readContexts(['alpine:3=docker://x', 'quay.io/a/b:latest=docker://y', 's-1=oci:z']), {
    'alpine:3': 'docker://x',
    'quay.io/a/b': 'docker://y',
    's-1': 'oci:z'
  })
  t.end()
})

test('the prefixes that buildx has are known', (t) => {
  const sourceOf = (source: string) => readContexts([`a=${source}`]).a
  const digest = `sha256:${'0'.repeat(64)}`
  t.equal(sourceOf('docker-image://foo:1'), 'docker://foo:1')
  t.equal(sourceOf('oci-layout:///dir'), 'oci:/dir')
  t.equal(sourceOf('oci-layout://sub/dir:v1'), `oci:${resolve('sub/dir')}:v1`)
  t.equal(sourceOf(`oci-layout:///dir@${digest}`), `oci:/dir:${digest}`)
  t.equal(sourceOf(`oci-layout:///dir:v1@${digest}`), `oci:/dir:${digest}`)
  t.equal(sourceOf('.'), `dir:${resolve('.')}`)
  t.end()
})

test('a context without a source is an error', (t) => {
  t.throws(() => readContexts(['a']), { code: 'ERR_USAGE', message: /expected NAME=SOURCE, found no source/ })
  t.end()
})
