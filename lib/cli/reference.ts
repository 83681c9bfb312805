import { type ExporterName, exporterOptions } from '../../pipelines/options/index.js'
import { manifestOptions } from '../../pipelines/options/manifest.js'
import { describeOptions, renderMarkdown } from '../options/help.js'
import type { Option, OptionTable } from '../options/option.js'

/** All exporters with their keys, as Markdown; what every exporter of images takes comes once, at the top. */
export function renderExporters(): string {
  const sections = exporters.map(([name, summary]) => {
    const own = Object.entries<Option>(exporterOptions[name]).filter(([key, option]) => commonOptions[key] !== option)
    return section(`\`type=${name}\`: ${summary}`, describeOptions(Object.fromEntries(own)))
  })
  return [section('Keys of every exporter of images', describeOptions(manifestOptions)), ...sections].join('\n')
}

function section(title: string, rows: ReturnType<typeof describeOptions>): string {
  return `### ${title}\n\n${rows.length > 0 ? renderMarkdown(rows) : 'No keys.\n'}`
}

const commonOptions: OptionTable = manifestOptions

const exporters: readonly (readonly [ExporterName, string])[] = [
  ['image', 'an image in the image store, in registries, or both'],
  ['registry', 'an image in registries'],
  ['oci', 'an OCI image layout, as a tar or a directory'],
  ['docker', 'what `docker load` reads, as a tar, a directory, or loaded into the engine'],
  ['local', 'the root file system as a directory'],
  ['tar', 'the root file system as a tar'],
  ['cacheonly', 'nothing; the work is done, and that is all']
]

/** A document with the exporters between its two marks as they are now. */
export function withExporters(document: string): string {
  return document.replace(/(<!-- exporters -->\n)[\s\S]*?(<!-- \/exporters -->)/, (_all, start, end) =>
    [start, renderExporters(), end].join('')
  )
}
