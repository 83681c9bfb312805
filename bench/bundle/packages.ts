import { createRequire } from 'node:module'
import type { Plugin } from 'rolldown'

const require = createRequire(import.meta.url)

/** Packages that modules load with `require` when there is something for them to do: files of their own, by their names. */
export const LAZY_PACKAGES = ['dockerfile-ast', 'peek-stream', 'tar-stream', 'zod']

/** The module that `require` loads. */
export function pathOfPackage(name: string): string {
  return require.resolve(name)
}

/** Packages that stay where they are: with compiled code, or large and slow in what they do anyway; and this one. */
const EXTERNAL = ['@mongodb-js/zstd', '@napi-rs/xattr', '@viz-js/viz', 'layerpipe', 'vega', 'vega-lite']

export function isExternal(id: string): boolean {
  return EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`))
}

/** Has modules of ours load what lies beside them in the bundle in place of packages and of modules. */
export const loadFromBundle: Plugin = {
  name: 'load from bundle',
  transform(code) {
    if (!code.includes('import.meta.url')) return null
    return code
      .replace(/\brequire\('([\w-]+)'\)/g, (call, name) =>
        LAZY_PACKAGES.includes(name) ? `require('./${name}.cjs')` : call
      )
      .replace(/new URL\('(\.\/[\w-]+)\.js', import\.meta\.url\)/g, "new URL('$1.cjs', import.meta.url)")
  }
}

const NOTHING = '\0nothing'

/** Commander can start other programs as commands. There are none, and what starts them takes a tenth of the start. */
export const withoutCommandsOfOthers: Plugin = {
  name: 'without commands of others',
  resolveId: (id, importer) => (id === 'node:child_process' && importer?.includes('/commander/') ? NOTHING : null),
  load: (id) => (id === NOTHING ? 'export {}' : null)
}
