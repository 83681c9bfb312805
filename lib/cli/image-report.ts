import type { Entry } from '../diff/entry.js'
import { formatPlatform } from '../image/platform.js'
import type { ImageReport, LayerReport } from '../stages/inspect.js'
import { type ByteString, printable, printableText, textOf } from '../streams/bytes.js'
import { formatBytes } from './units.js'

/** Images with the entries of each layer in the order asked for: as they lie in it, or the largest first. */
export function sortEntries(images: readonly ImageReport[], order: 'path' | 'size'): readonly ImageReport[] {
  if (order === 'path') return images
  const sorted = (layer: LayerReport): LayerReport => ({ ...layer, entries: layer.entries?.toSorted(bySize) ?? null })
  return images.map((image) => ({ ...image, layers: image.layers.map(sorted) }))
}

function bySize(left: Entry, right: Entry): number {
  return right.size - left.size
}

/** Images as JSON, two spaces deep. Names that are not UTF-8 have replacement characters. */
export function reportAsJson(images: readonly ImageReport[]): string {
  const plain = images.map(({ kind: _, platform, layers, ...rest }) => ({
    platform: formatPlatform(platform),
    ...rest,
    layers: layers.map(({ stored, entries, createdBy, history }) => ({
      ...stored,
      createdBy,
      history,
      ...(entries && { entries: entries.map(plainEntry) })
    }))
  }))
  return `${JSON.stringify(plain, null, 2)}\n`
}

/** What is shown of layers. */
export interface LayerDetails {
  readonly layers: boolean
  readonly files: boolean
}

/** One image for people: its config, its layers, and of each what was asked for. */
export function reportAsText(image: ImageReport, details: LayerDetails): string {
  const { config } = image
  const fields: readonly (readonly [string, string | null | undefined])[] = [
    ['Platform', formatPlatform(image.platform)],
    ['Created', image.created],
    ['Author', image.author],
    ['User', config.User],
    ['Directory', config.WorkingDir],
    ['Entrypoint', config.Entrypoint && JSON.stringify(config.Entrypoint)],
    ['Command', config.Cmd && JSON.stringify(config.Cmd)],
    ...(config.Env ?? []).map((text) => ['Env', text] as const),
    ...keysOf(config.ExposedPorts).map((text) => ['Port', text] as const),
    ...keysOf(config.Volumes).map((text) => ['Volume', text] as const),
    ...Object.entries(config.Labels ?? {}).map(([key, value]) => ['Label', `${key}=${value}`] as const),
    ['Layers', totalOf(image.layers)]
  ]
  const lines = fields.flatMap(([name, value]) => (value ? [`${`${name}:`.padEnd(12)}${printableText(value)}\n`] : []))
  return lines.join('') + image.layers.map((layer) => layerText(layer, details)).join('')
}

function keysOf(record: Readonly<Record<string, object>> | undefined): readonly string[] {
  return Object.keys(record ?? {})
}

function totalOf(layers: readonly LayerReport[]): string {
  const size = layers.reduce((sum, { stored }) => sum + (stored?.size ?? 0), 0)
  return `${layers.length}, ${formatBytes(size)} stored`
}

function layerText({ stored, entries, createdBy }: LayerReport, details: LayerDetails): string {
  const what = stored ? `${stored.digest}  ${formatBytes(stored.size).padStart(7)}  ${stored.codec}` : 'not packed yet'
  const step = createdBy && `      ${printableText(createdBy)}\n`
  const facts = details.layers ? [...storedFacts(stored), ...entriesFacts(entries ?? [], !details.files)] : []
  const listed = details.files ? (entries ?? []).map(entryText) : []
  return `  ${what}\n${step}${[...facts, ...listed].map((line) => `      ${line}\n`).join('')}`
}

function storedFacts(stored: LayerReport['stored']): readonly string[] {
  return stored ? [stored.mediaType, `diffID ${stored.diffID}`] : []
}

/** How many of what, how large, and the largest, where not all are listed anyway. */
function entriesFacts(entries: readonly Entry[], showsLargest: boolean): readonly string[] {
  const size = entries.reduce((sum, entry) => sum + entry.size, 0)
  const deleted = entries.filter(({ type }) => type === 'whiteout' || type === 'opaque').length
  const whiteouts = deleted > 0 ? `, ${deleted} of them deletions` : ''
  const largest = showsLargest ? entries.toSorted(bySize).slice(0, LARGEST) : []
  return [
    `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}, ${formatBytes(size)}${whiteouts}`,
    ...largest.filter((entry) => entry.size > 0).map(entryText)
  ]
}

/** Enough to see what a layer is about. */
const LARGEST = 5

/** As `tar -tv` has it, less the date. */
function entryText(entry: Entry): string {
  const { type, mode, uid, gid, size, path, link } = entry
  const target = link === '' ? '' : ` ${type === 'symlink' ? '->' : 'link to'} ${printable(link)}`
  const rights = `${TYPE_LETTERS[type]}${mode.toString(8).padStart(4, '0')}`
  return `${rights} ${`${uid}/${gid}`.padEnd(9)} ${String(size).padStart(10)} ${printable(path)}${target}`
}

function plainEntry({ path, link, xattrs, ...rest }: Entry): object {
  return {
    path: textOf(path),
    ...rest,
    ...(link !== '' && { link: textOf(link) }),
    ...(xattrs && { xattrs: Object.fromEntries([...xattrs].map(plainXattr)) })
  }
}

function plainXattr([name, value]: readonly [ByteString, Buffer]): readonly [string, string] {
  return [textOf(name), value.toString('base64')]
}

const TYPE_LETTERS: Readonly<Record<Entry['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  'character-device': 'c',
  'block-device': 'b',
  fifo: 'p',
  whiteout: 'w',
  opaque: 'o'
}
