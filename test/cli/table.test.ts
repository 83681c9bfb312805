import { test } from 'tap'
import { renderTable } from '../../lib/cli/table.js'

const rows = { name: 'name', cells: ['a', 'long name'] }

const groups = [
  { title: '', columns: [{ name: 'x', cells: ['1', '100'] }] },
  {
    title: 'both',
    columns: [
      { name: 'left', cells: ['2', '3'] },
      { name: 'right', cells: ['4', '5'] }
    ]
  }
]

test('a table that fits is in one piece', async (t) => {
  t.equal(
    renderTable(rows, groups, 40),
    [
      '                       both',
      'name         x  left  right',
      'a            1     2      4',
      'long name  100     3      5',
      ''
    ].join('\n')
  )
})

test('groups that do not fit come below, whole', async (t) => {
  t.equal(
    renderTable(rows, groups, 26),
    [
      'name         x',
      'a            1',
      'long name  100',
      '',
      '                  both',
      'name       left  right',
      'a             2      4',
      'long name     3      5',
      ''
    ].join('\n')
  )
})
