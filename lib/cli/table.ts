/** Columns that stay together, under a title of their own where they have one. */
export interface ColumnGroup {
  readonly title: string
  readonly columns: readonly Column[]
}

export interface Column {
  readonly name: string
  /** One for each row. */
  readonly cells: readonly string[]
}

/**
 * A table for a terminal: the column that names the rows to the left, all others to the right. Groups that don't fit
 * into `width` come below, with the first column again.
 */
export function renderTable(rows: Column, groups: readonly ColumnGroup[], width: number): string {
  return fold(rows, groups, width)
    .map((part) => renderPart(rows, part))
    .join('\n')
}

function fold(rows: Column, groups: readonly ColumnGroup[], width: number): readonly (readonly ColumnGroup[])[] {
  const parts: ColumnGroup[][] = []
  let room = 0
  for (const group of groups) {
    const needed = group.columns.reduce((sum, column) => sum + GAP.length + widthOf(column), 0)
    if (needed > room || parts.length === 0) {
      parts.push([])
      room = width - widthOf(rows)
    }
    parts.at(-1)?.push(group)
    room -= needed
  }
  return parts
}

function renderPart(rows: Column, groups: readonly ColumnGroup[]): string {
  const columns = groups.flatMap((group) => group.columns)
  const line = (first: string, others: readonly string[]): string => [first.padEnd(widthOf(rows)), ...others].join(GAP)
  const cellsOf = (cell: (column: Column) => string) => columns.map((column) => cell(column).padStart(widthOf(column)))
  const titles = groups.map(({ title, columns: own }) =>
    title.padStart(own.map(widthOf).reduce((a, b) => a + GAP.length + b))
  )
  return [
    ...(groups.some(({ title }) => title !== '') ? [line('', titles)] : []),
    line(
      rows.name,
      cellsOf(({ name }) => name)
    ),
    ...rows.cells.map((cell, row) =>
      line(
        cell,
        cellsOf(({ cells }) => cells[row] ?? '')
      )
    )
  ]
    .map((text) => `${text.trimEnd()}\n`)
    .join('')
}

function widthOf({ name, cells }: Column): number {
  return Math.max(name.length, ...cells.map(({ length }) => length))
}

const GAP = '  '
