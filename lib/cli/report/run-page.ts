import { explainDot } from '../../graph/explain-dot.js'
import { formatPlatform } from '../../image/platform.js'
import type { Receipt } from '../../stages/items.js'
import type { ImageSurvey } from '../../stages/survey.js'
import { printable, printableText } from '../../streams/bytes.js'
import { formatBytes, formatSeconds } from '../units.js'
import type { FinishedRun } from './finished-run.js'
import { escapeHtml, renderPage, renderScrolling, renderTable } from './html.js'
import { renderLayer, TREEMAP_SCRIPT } from './layer-section.js'
import { renderSvg } from './render-svg.js'
import { notesOn } from './run-notes.js'
import { spentIn } from './summary.js'
import type { TimeSpent } from './time-spent.js'
import { findDuplicates, findWaste } from './waste.js'

/** A run as a page: what it made, where the time went, the graph, and what fills the layers. */
export async function renderRunPage(run: FinishedRun): Promise<string> {
  const spent = spentIn(run)
  const graph = await renderSvg(explainDot(run.plan, notesOn(run.recording, spent)))
  const body = [
    run.failure === null ? renderOutputs(run.receipts) : renderFailure(run.failure),
    renderTimes(spent),
    `<h2>What was done</h2>\n${renderScrolling('The merged graph, with times and bytes', graph)}`,
    ...run.images.map(renderImage)
  ]
  return renderPage(
    run.failure === null ? 'Report of an export' : 'Report of an export that failed',
    body.join(''),
    TREEMAP_SCRIPT
  )
}

function renderFailure(failure: string): string {
  return `<p class="failure"><strong>Failed:</strong> ${escapeHtml(printableText(failure))}</p>\n`
}

function renderOutputs(receipts: readonly Receipt[]): string {
  return renderTable(receipts, [
    { title: 'Output', cell: ({ exporter }) => exporter },
    { title: 'Where', kind: 'path', cell: ({ destination }) => printableText(destination) },
    { title: 'Digest', kind: 'path', cell: ({ descriptor }) => descriptor?.digest ?? '' },
    { title: 'Size', kind: 'number', cell: ({ bytes }) => formatBytes(bytes) },
    { title: 'Time', kind: 'number', cell: ({ seconds }) => formatSeconds(seconds * 1000) },
    { title: 'Skipped', cell: ({ skipped }) => skipped.join(', ') }
  ])
}

function renderTimes(spent: readonly TimeSpent[]): string {
  const total = Math.max(
    1,
    spent.reduce((sum, { time }) => sum + time, 0)
  )
  const bars = spent.map(({ time }) => `<span style="flex-grow:${Math.round((1000 * time) / total)}"></span>`).join('')
  const rows = renderTable(spent, [
    { title: 'What', cell: ({ what }) => printableText(what) },
    { title: 'Time', kind: 'number', cell: ({ time }) => formatSeconds(time) },
    { title: 'Share', kind: 'number', cell: ({ time }) => `${Math.round((100 * time) / total)}%` }
  ])
  return `<h2>Where the time went</h2>\n<div class="bar" aria-hidden="true">${bars}</div>\n${rows}`
}

function renderImage(image: ImageSurvey): string {
  const waste = findWaste(image)
  const duplicates = findDuplicates(image)
  const all = image.layers.flatMap(({ entries }) => entries).reduce((sum, { entry }) => sum + entry.size, 0)
  const wasted = waste.reduce((sum, { bytes }) => sum + bytes, 0)
  const layers = image.layers.map((layer, index) => {
    const hidden = new Set(waste.flatMap((each) => (each.layer === index ? [each.path] : [])))
    return renderLayer(layer, index + 1, hidden)
  })
  const saved = duplicates.reduce((sum, { size, paths }) => sum + size * (paths.length - 1), 0)
  const efficiency = all === 0 ? '' : `, of which ${Math.round((100 * (all - wasted)) / all)}% can be seen`
  return [
    `<h2>Layers for ${escapeHtml(formatPlatform(image.platform))}</h2>\n`,
    `<p>${formatBytes(all)} in ${image.layers.length} ${image.layers.length === 1 ? 'layer' : 'layers'}${efficiency}.</p>\n${layers.join('')}`,
    section('Hidden by later layers', formatBytes(wasted), waste.length, wasteTable(waste)),
    section(
      'The same content under several paths',
      `${formatBytes(saved)} to be saved`,
      duplicates.length,
      duplicateTable(duplicates)
    )
  ].join('')
}

function section(title: string, amount: string, count: number, table: string): string {
  return count === 0 ? `<h3>${title}: nothing</h3>\n` : `<h3>${title}: ${amount}</h3>\n${renderScrolling(title, table)}`
}

function wasteTable(waste: ReturnType<typeof findWaste>): string {
  return renderTable(waste.slice(0, MOST_ROWS), [
    { title: 'Path', kind: 'path', cell: ({ path }) => `/${printable(path)}` },
    { title: 'Layer', kind: 'number', cell: ({ layer }) => String(layer + 1) },
    { title: 'How', cell: ({ why }) => why },
    { title: 'Bytes', kind: 'number', cell: ({ bytes }) => formatBytes(bytes) }
  ])
}

function duplicateTable(duplicates: ReturnType<typeof findDuplicates>): string {
  return renderTable(duplicates.slice(0, MOST_ROWS), [
    { title: 'Paths', kind: 'path', cell: ({ paths }) => pathList(paths) },
    { title: 'Size of each', kind: 'number', cell: ({ size }) => formatBytes(size) },
    { title: 'To be saved', kind: 'number', cell: ({ size, paths }) => formatBytes(size * (paths.length - 1)) }
  ])
}

function pathList(paths: readonly string[]): string {
  const shown = paths.slice(0, MOST_PATHS).map((path) => `/${printable(path)}`)
  return [...shown, ...(paths.length > MOST_PATHS ? [`and ${paths.length - MOST_PATHS} more`] : [])].join(', ')
}

/** What anybody reads of a list. */
const MOST_ROWS = 100
const MOST_PATHS = 5
