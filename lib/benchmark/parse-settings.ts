import { type Codec, codecs } from '../codec/index.js'
import { UsageError } from '../errors.js'
import { nearest } from '../nearest.js'
import { formatSetting, type Setting } from './setting.js'

/**
 * Reads settings between commas: a codec, at its default level or with `:` and a level or a range, and more levels of
 * the codec before: `gzip:1-9,zstd:1-6,9,19,zstd:chunked:3`. Each is given once, in the order of its first mention.
 *
 * @throws UsageError that names the codecs, or the levels that the codec has
 */
export function parseSettings(text: string): readonly Setting[] {
  const settings = new Map<string, Setting>()
  let codec: Codec | null = null
  for (const part of text.split(',')) {
    const more: boolean = codec !== null && /^[\d-]+$/.test(part)
    codec = more ? codec : codecAtStartOf(part, text)
    if (codec === null) continue
    const levels = more ? part : part.slice(codec.name.length + 1)
    for (const level of levelsOf(codec, levels, part)) {
      const setting = { codec: codec.name, level }
      settings.set(formatSetting(setting), setting)
    }
  }
  return [...settings.values()]
}

/** The longest name wins, because one codec's name begins with another's. */
function codecAtStartOf(part: string, text: string): Codec {
  const fitting = codecs.filter(({ name }) => part === name || part.startsWith(`${name}:`))
  const codec = fitting.toSorted((a, b) => b.name.length - a.name.length)[0]
  if (codec) return codec
  const names = codecs.map(({ name }) => name)
  const close = nearest(part.split(':')[0] ?? '', names)
  throw new UsageError({
    operation: 'read compression settings',
    subject: JSON.stringify(text),
    expected: `one of ${names.join(', ')}, each with :LEVEL or :FROM-TO where it has levels`,
    found: JSON.stringify(part),
    ...(close !== null && { advice: `did you mean "${close}"?` })
  })
}

function levelsOf({ name, levels }: Codec, text: string, part: string): readonly (number | null)[] {
  if (text === '') return [levels?.default ?? null]
  const [, first, last = first] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(text) ?? []
  const [from, to] = [Number(first), Number(last)]
  if (levels && from <= to && from >= levels.minimum && to <= levels.maximum) {
    return Array.from({ length: to - from + 1 }, (_, at) => from + at)
  }
  throw new UsageError({
    operation: 'read compression settings',
    subject: part,
    expected: levels ? `levels from ${levels.minimum} to ${levels.maximum} for ${name}` : `no level for ${name}`,
    found: JSON.stringify(text)
  })
}
