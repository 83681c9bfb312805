import { PAGE_STYLE } from './style.js'

/** Text that stands for itself in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

/** A page of its own: nothing in it is fetched, so it can be kept and sent. `body` is HTML. */
export function renderPage(title: string, body: string, script = ''): string {
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`
  ]
  const end = script && `<script>${script}</script>\n`
  return `<!doctype html>\n<html lang="en">\n<head>\n${head.join('\n')}\n</head>\n<body>\n<main>\n<h1>${escapeHtml(title)}</h1>\n${body}</main>\n${end}</body>\n</html>\n`
}

/** A cell of a table. */
export interface Column<T> {
  readonly title: string
  readonly kind?: 'number' | 'path'
  readonly cell: (row: T) => string
}

/** Columns in which no row has anything are left out. In a narrow window each row becomes a list (see style.ts). */
export function renderTable<T>(rows: readonly T[], all: readonly Column<T>[]): string {
  const columns = all.filter(({ cell }) => rows.some((row) => cell(row) !== ''))
  const attribute = ({ kind }: Column<T>): string => (kind ? ` class="${kind}"` : '')
  const head = columns.map((column) => `<th scope="col"${attribute(column)}>${escapeHtml(column.title)}</th>`)
  const body = rows.map((row) => {
    const cells = columns.map((column) => {
      return `<td${attribute(column)} data-title="${escapeHtml(column.title)}">${escapeHtml(column.cell(row))}</td>`
    })
    return `<tr>${cells.join('')}</tr>\n`
  })
  return `<table>\n<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body.join('')}</tbody>\n</table>\n`
}

/** A part of a page that may be wider than the window; scrolled by keyboard, too. `content` is HTML. */
export function renderScrolling(label: string, content: string): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}">${content}</div>\n`
}
