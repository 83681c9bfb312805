import fc from 'fast-check'
import { test } from 'tap'
import {
  formatPlatform,
  localPlatform,
  normalizePlatform,
  parsePlatform,
  samePlatform
} from '../../lib/image/platform.js'
import { choosePlatform, compatiblePlatforms } from '../../lib/image/platform-choice.js'

test('aliases come out in one spelling', (t) => {
  const spellings = {
    'linux/x86_64': 'linux/amd64',
    'linux/amd64/v1': 'linux/amd64',
    'linux/amd64/v3': 'linux/amd64/v3',
    'Linux/AMD64': 'linux/amd64',
    'linux/aarch64': 'linux/arm64',
    'linux/arm64/v8': 'linux/arm64',
    'linux/arm64/v9': 'linux/arm64/v9',
    'linux/armhf': 'linux/arm/v7',
    'linux/armel': 'linux/arm/v6',
    'linux/arm': 'linux/arm/v7',
    'linux/arm/7': 'linux/arm/v7',
    'linux/arm/v6': 'linux/arm/v6',
    'linux/i386': 'linux/386',
    'macos/arm64': 'darwin/arm64',
    'windows(10.0.17763)/amd64': 'windows(10.0.17763)/amd64'
  }
  for (const [spelling, platform] of Object.entries(spellings)) {
    t.equal(formatPlatform(parsePlatform(spelling)), platform, spelling)
  }
  t.end()
})

test("one word is a system or an architecture, and the rest is this machine's", (t) => {
  const here = localPlatform()
  t.equal(formatPlatform(parsePlatform('s390x')), `${here.os}/s390x`)
  t.equal(formatPlatform(parsePlatform('linux')), formatPlatform({ ...here, os: 'linux' }))
  t.end()
})

test('what is no platform is a usage error', (t) => {
  for (const text of ['', 'linux/', '/amd64', 'linux/amd64/v1/x', 'nonsense', '*', 'linux/*', 'linux amd64', 'l\n/x']) {
    t.throws(() => parsePlatform(text), { code: 'ERR_USAGE' }, JSON.stringify(text))
  }
  t.end()
})

test('a platform that was formatted parses to itself', (t) => {
  const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/)
  fc.assert(
    fc.property(word, word, fc.option(word, { nil: undefined }), (os, architecture, variant) => {
      const platform = normalizePlatform({ os, architecture, ...(variant !== undefined && { variant }) })
      t.same(parsePlatform(formatPlatform(platform)), platform)
      t.same(normalizePlatform(platform), platform)
    })
  )
  t.end()
})

test('the choice is the same platform, else the best that runs on it', (t) => {
  const choose = (wanted: string, offered: readonly string[]) =>
    choosePlatform(parsePlatform(wanted), offered, (each) => parsePlatform(each))
  t.equal(choose('linux/arm64', ['linux/amd64', 'linux/arm/v7', 'linux/arm64/v8']), 'linux/arm64/v8')
  t.equal(choose('linux/arm/v7', ['linux/arm/v5', 'linux/arm/v6']), 'linux/arm/v6')
  t.equal(choose('linux/arm/v6', ['linux/arm/v7']), undefined)
  t.equal(choose('linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v4']), 'linux/amd64/v2')
  t.equal(choose('linux/amd64', ['linux/386']), 'linux/386')
  t.equal(choose('linux/amd64', ['windows/amd64']), undefined)
  t.ok(samePlatform(parsePlatform('windows(10.0)/amd64'), parsePlatform('windows(10.0.17763)/amd64')))
  t.notOk(samePlatform(parsePlatform('windows(10.0)/amd64'), parsePlatform('windows(11.0)/amd64')))
  t.same(compatiblePlatforms(parsePlatform('linux/amd64/v2')).map(formatPlatform), [
    'linux/amd64/v2',
    'linux/amd64',
    'linux/386'
  ])
  t.end()
})
