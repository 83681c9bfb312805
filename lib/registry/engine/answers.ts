import type { Platform } from '../../image/platform.js'
import { fieldAt, jsonOrNull, textAt } from '../../loose-json.js'

/* What an engine's answers say (Docker Engine API). Fields that are not what they should be count as absent. */

/** Of `/version`: what it runs. */
export function platformIn(version: unknown): Platform {
  return { os: textAt(version, 'Os') ?? 'linux', architecture: textAt(version, 'Arch') ?? 'amd64' }
}

/** Of `/version`. */
export function isPodman(version: unknown): boolean {
  return listAt(version, 'Components').some((each) => /podman/i.test(textAt(each, 'Name') ?? ''))
}

/** Of `/info`: whether layers that it has can be left out. Engines with containerd's store want every blob of what they load. */
export function hasOwnLayers(info: unknown): boolean {
  const classic = ['overlay2', 'vfs', 'btrfs', 'zfs', 'fuse-overlayfs', 'aufs'].includes(textAt(info, 'Driver') ?? '')
  return classic && !JSON.stringify(fieldAt(info, 'DriverStatus') ?? '').includes('containerd')
}

/** Of `/images/json`: the images' IDs; null where it is no list. */
export function imagesIn(list: unknown): readonly string[] | null {
  return Array.isArray(list) ? list.flatMap((each: unknown) => textAt(each, 'Id') ?? []) : null
}

/** Of `/images/ID/json`: its diffIDs. */
export function layersIn(image: unknown): readonly string[] {
  return listAt(image, 'RootFS', 'Layers').filter((each) => typeof each === 'string')
}

/** Of `/images/load`, a JSON document a line: what it says, or the error that is among them, with a status of 200. */
export function progressIn(text: string): { readonly said: string } | { readonly error: string } {
  const said: string[] = []
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const document = jsonOrNull(line)
    const error = fieldAt(document, 'error')
    if (typeof error === 'string') return { error }
    said.push(textAt(document, 'stream')?.trim() ?? '')
  }
  return { said: said.filter((each) => each !== '').join('; ') }
}

/** Of an answer that is an error: the engine's words. */
export function messageIn(text: string): string {
  return textAt(jsonOrNull(text), 'message') ?? text.slice(0, 300)
}

function listAt(document: unknown, ...keys: readonly string[]): readonly unknown[] {
  const value = fieldAt(document, ...keys)
  return Array.isArray(value) ? value : []
}
