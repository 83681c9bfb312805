import { type ExporterName, exporterOptions } from '../../pipelines/options/index.js'
import { manifestOptions } from '../../pipelines/options/manifest.js'
import { describeOptions, renderMarkdown } from '../options/help.js'
import type { Option, OptionTable } from '../options/option.js'
import { commands } from './commands.js'
import { usageOf } from './help.js'

/** All exporters with their keys; what every exporter of images takes comes once, at the top. */
function renderExporters(): string {
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

/** A document with what stands between its marks (`<!-- exporters -->` to `<!-- /exporters -->`) as it is now. */
export function withReference(document: string): string {
  return putBetween(putBetween(document, 'exporters', renderExporters()), 'commands', renderCommands())
}

function renderCommands(): string {
  const rows = commands.map((command) => `| \`layerpipe ${usageOf(command)}\` | ${command.summary} |\n`)
  return `| command | what it does |\n| --- | --- |\n${rows.join('')}`
}

function putBetween(document: string, mark: string, text: string): string {
  const [start, end] = [`<!-- ${mark} -->\n`, `<!-- /${mark} -->`]
  const [before, rest] = [document.indexOf(start) + start.length, document.indexOf(end)]
  return document.slice(0, before) + text + document.slice(rest)
}
