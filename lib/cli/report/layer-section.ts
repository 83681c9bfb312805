import { parentOf } from '../../diff/entry.js'
import type { LayerSurvey } from '../../stages/survey.js'
import { type ByteString, printable, printableText } from '../../streams/bytes.js'
import { formatBytes } from '../units.js'
import { type Folder, largestFolders } from './folders.js'
import { escapeHtml } from './html.js'
import { squarify, type Tile } from './treemap.js'

/** A layer as HTML: a treemap of what fills it. Dashed is what a later layer hid. */
export function renderLayer(layer: LayerSurvey, number: number, hidden: ReadonlySet<ByteString>): string {
  const size = layer.entries.reduce((sum, { entry }) => sum + entry.size, 0)
  const title = `Layer ${number}: ${formatBytes(size)} in ${layer.entries.length} entries`
  const step = layer.createdBy && ` <span class="soft">${escapeHtml(printableText(layer.createdBy))}</span>`
  const folders = largestFolders(
    layer.entries.map(({ entry }) => entry),
    MOST_TILES
  )
  const tiles = squarify(folders, { x: 0, y: 0, width: WIDTH, height: HEIGHT })
  const cells = tiles.map((tile, index) => renderTile(tile, size, index === 0, hidden)).join('')
  const map = `<svg class="treemap" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-label="${escapeHtml(title)}">\n${cells}</svg>`
  const body = tiles.length > 0 ? `<div class="map">${map}</div>\n<div class="status" aria-live="polite"></div>\n` : ''
  return `<details${number === 1 ? ' open' : ''}>\n<summary>${escapeHtml(title)}${step}</summary>\n${body}</details>\n`
}

/** One tile of each map can be reached by Tab, and the others from there by the arrow keys. */
function renderTile(
  { item, x, y, width, height }: Tile<Folder>,
  total: number,
  first: boolean,
  hidden: ReadonlySet<ByteString>
): string {
  const name = `/${printable(item.path)}`
  const count = item.files > 1 ? `, ${item.files} files` : ''
  const wasted = hidden.has(item.path)
  const share = ((100 * item.size) / total).toFixed(1)
  const text = `${name}: ${formatBytes(item.size)}, ${share}%${count}${wasted ? ', hidden by a later layer' : ''}`
  const label = escapeHtml(text)
  const room = Math.floor((width - 8) / LETTER)
  const short = name.length <= room ? name : `…${name.slice(-Math.max(0, room - 1))}`
  const caption =
    room >= 4 && height >= 16 ? `<text x="${round(x + 4)}" y="${round(y + 13)}">${escapeHtml(short)}</text>` : ''
  const box = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/>`
  const attributes = `tabindex="${first ? 0 : -1}" role="img" aria-label="${label}" style="--hue:${hueOf(item.path)}"`
  return `<g ${wasted ? 'class="wasted" ' : ''}${attributes}><title>${label}</title>${box}${caption}</g>\n`
}

/** The same for all that is in one directory. */
function hueOf(path: ByteString): number {
  return [...parentOf(path)].reduce((hue, letter) => (hue * 31 + letter.charCodeAt(0)) % 360, 7)
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** The script of a page with treemaps: arrow keys go from tile to tile, and the line below says what it is. */
export const TREEMAP_SCRIPT = `
for (const map of document.querySelectorAll('.treemap')) {
  const tiles = [...map.querySelectorAll('g')]
  const status = map.parentElement.nextElementSibling
  const show = (tile) => { status.textContent = tile.getAttribute('aria-label') }
  map.addEventListener('focusin', (event) => show(event.target.closest('g')))
  map.addEventListener('mouseover', (event) => { const tile = event.target.closest('g'); if (tile) show(tile) })
  map.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const at = tiles.indexOf(document.activeElement)
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? tiles.length - 1 : step ? at + step : -1
    if (at < 0 || !tiles[next]) return
    event.preventDefault()
    tiles[at].tabIndex = -1
    tiles[next].tabIndex = 0
    tiles[next].focus()
  })
}`

const WIDTH = 1000
const HEIGHT = 360
/** Of a letter in a tile, in the map's units. */
const LETTER = 6.7
/** More can't be told apart. */
const MOST_TILES = 250
