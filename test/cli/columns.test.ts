import { test } from 'tap'
import { renderColumns } from '../../lib/cli/columns.js'

test('the right column is aligned and wrapped', async (t) => {
  t.equal(
    renderColumns(
      [
        ['a', 'some words that are wrapped'],
        ['abc', 'x'],
        ['a name that is much wider than the column', 'y'],
        ['none', '']
      ],
      40
    ),
    [
      '  a                         some words',
      '                            that are',
      '                            wrapped',
      '  abc                       x',
      '  a name that is much wider than the column',
      '                            y',
      '  none',
      ''
    ].join('\n')
  )
})
