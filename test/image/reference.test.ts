import fc from 'fast-check'
import { test } from 'tap'
import { familiarName, formatReference, parseName, parseReference } from '../../lib/image/reference.js'

const SHA256 = `sha256:${'a'.repeat(64)}`

test('names are completed, and shortened again', (t) => {
  const names = [
    ['foo', 'docker.io/library/foo:latest', 'foo:latest'],
    ['foo:1', 'docker.io/library/foo:1', 'foo:1'],
    ['me/foo', 'docker.io/me/foo:latest', 'me/foo:latest'],
    ['docker.io/foo', 'docker.io/library/foo:latest', 'foo:latest'],
    ['index.docker.io/library/foo', 'docker.io/library/foo:latest', 'foo:latest'],
    ['docker.io/library/a/b', 'docker.io/library/a/b:latest', 'library/a/b:latest'],
    ['localhost/foo', 'localhost/foo:latest', 'localhost/foo:latest'],
    ['localhost:5000/foo:1', 'localhost:5000/foo:1', 'localhost:5000/foo:1'],
    ['example.com/a/b_c/d__e--f.g', 'example.com/a/b_c/d__e--f.g:latest', 'example.com/a/b_c/d__e--f.g:latest'],
    ['[::1]:5000/foo', '[::1]:5000/foo:latest', '[::1]:5000/foo:latest'],
    ['Example/foo', 'Example/foo:latest', 'Example/foo:latest'],
    [`foo@${SHA256}`, `docker.io/library/foo@${SHA256}`, `foo@${SHA256}`],
    [`foo:1@${SHA256}`, `docker.io/library/foo:1@${SHA256}`, `foo:1@${SHA256}`]
  ] as const
  for (const [text, full, familiar] of names) {
    t.equal(formatReference(parseReference(text)), full, text)
    t.equal(familiarName(parseReference(text)), familiar, text)
    t.equal(formatReference(parseReference(familiar)), full, familiar)
  }
  t.equal(parseName('foo').tag, undefined)
  t.end()
})

test('upper case in a repository is an error that says how to write it', (t) => {
  t.throws(() => parseReference('Foo:Tag'), { code: 'ERR_USAGE', message: /rite it in lower case: foo:Tag/ })
  t.end()
})

test('what is no name is a usage error', (t) => {
  const bad = ['', ':1', 'foo:', 'foo@', 'a//b', '/a', 'a/', '-a', 'a..b', 'a___b', 'foo:-x', `foo:${'a'.repeat(129)}`]
  const more = [
    'a'.repeat(64),
    'foo@sha256:abc',
    'a b',
    'a\n',
    'ho_st.com/a',
    'a:b:c',
    `x/${'a'.repeat(255)}`,
    'é',
    '[::1]/',
    'a.b:x/c'
  ]
  for (const text of [...bad, ...more])
    t.throws(() => parseReference(text), { code: 'ERR_USAGE' }, JSON.stringify(text))
  t.end()
})

test('a name with an impossible length is refused without reading it', (t) => {
  t.throws(() => parseReference('a-'.repeat(1_000_000)), { code: 'ERR_USAGE' })
  t.end()
})

test('a name that was formatted parses to itself', (t) => {
  const component = fc.stringMatching(/^[a-z0-9]{1,5}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}$/)
  const domain = fc.stringMatching(/^[a-z0-9]{1,5}(?:-[a-z0-9]{1,3})?\.[a-z]{2,3}(?::[0-9]{1,5})?$/)
  const tag = fc.stringMatching(/^\w[\w.-]{0,20}$/)
  fc.assert(
    fc.property(domain, fc.array(component, { minLength: 1, maxLength: 4 }), tag, (host, components, name) => {
      const reference = { domain: host, path: components.join('/'), tag: name }
      t.same(parseReference(formatReference(reference)), reference)
      t.same(parseReference(familiarName(reference)), reference)
    })
  )
  t.end()
})

test('no text at all makes the parser fail in another way', (t) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        const full = formatReference(parseReference(text))
        t.equal(formatReference(parseReference(full)), full)
      } catch (error) {
        t.match(error, { code: 'ERR_USAGE' })
      }
    })
  )
  t.end()
})
