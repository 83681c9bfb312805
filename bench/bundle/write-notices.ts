import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chunk } from './bundle.js'
import { BUNDLE } from './paths.js'

/** Writes what the licences of the packages in the bundle ask for: their names, and their notices word for word. */
export function writeNotices(chunks: readonly Chunk[]): void {
  const roots = new Set(chunks.flatMap(({ moduleIds }) => moduleIds.flatMap(rootOf)))
  const notices = [...roots].map(noticeOf)
  writeFileSync(join(BUNDLE, 'NOTICES.txt'), notices.toSorted().join(`\n${'-'.repeat(80)}\n\n`))
}

/** The directory of the package that a module is of. */
function rootOf(id: string): readonly string[] {
  const root = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0]
  return root === undefined ? [] : [root]
}

function noticeOf(root: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const files = readdirSync(root).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
  const texts = files.map((file) => readFileSync(join(root, file), 'utf8'))
  return [`${name} ${version}, ${license}`, ...(texts.length > 0 ? texts : [`By ${author?.name ?? author}`])].join(
    '\n\n'
  )
}
