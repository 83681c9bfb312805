import { test } from 'tap'
import { describeOptions, renderMarkdown } from '../../lib/options/help.js'
import type { OptionTable } from '../../lib/options/option.js'

const table = {
  level: { key: 'level', kind: 'integer', minimum: 0, maximum: 9, default: 6, help: 'how small' },
  codecs: { key: 'codec', aliases: ['c'], kind: 'list', choices: ['gzip', 'zstd'], default: ['gzip'], help: 'which' },
  destination: { key: 'dest', kind: 'text', placeholder: 'A|B', default: null, help: 'where' }
} as const satisfies OptionTable

test('every option shows what may be given and what it is otherwise', async (t) => {
  t.same(describeOptions(table), [
    { key: 'level', value: '0 to 9', default: '6', help: 'how small' },
    { key: 'codec, c', value: 'gzip, zstd', default: 'gzip', help: 'which' },
    { key: 'dest', value: 'A|B', default: '', help: 'where' }
  ])
})

test('a Markdown table has one line an option and escapes its bars', async (t) => {
  t.equal(
    renderMarkdown(describeOptions(table)),
    [
      '| key | value | default | meaning |',
      '| --- | --- | --- | --- |',
      '| `level` | 0 to 9 | `6` | how small |',
      '| `codec`, `c` | gzip, zstd | `gzip` | which |',
      '| `dest` | A\\|B |  | where |',
      ''
    ].join('\n')
  )
})
