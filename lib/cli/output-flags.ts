import { manifestOptions } from '../../pipelines/options/manifest.js'
import { parseAnnotation } from '../image/annotations.js'
import type { Field } from '../options/parse-options.js'
import type { OutputRequest } from './output-grammar.js'

/** The flags that say what comes out. */
export interface OutputFlags {
  readonly outputs: readonly string[]
  readonly tags: readonly string[]
  readonly annotations: readonly string[]
  readonly push: boolean
  readonly load: boolean
  /** A file that lists what estargz layers begin with. */
  readonly prioritizedFile: string | null
}

/** Spreads `--push`, `--load`, `--tag` and `--annotation` over the outputs, as buildx does. */
export function distribute(requests: readonly OutputRequest[], flags: OutputFlags): readonly OutputRequest[] {
  const annotations = flags.annotations.flatMap(annotationFields)
  return withLoad(withPush(requests, flags.push), flags.load).map((request) => {
    if (!IMAGE_TYPES.has(request.type)) return request
    const names = flags.tags.length > 0 && !isNamed(request) ? [{ key: 'name', value: flags.tags.join(',') }] : []
    return { ...request, fields: [...request.fields, ...names, ...annotations] }
  })
}

function withPush(requests: readonly OutputRequest[], push: boolean): readonly OutputRequest[] {
  if (!push) return requests
  const pushed = [{ key: 'push', value: 'true' }]
  if (!requests.some((request) => PUSHING_TYPES.has(request.type))) {
    return [...requests, { text: 'type=image,push=true', type: 'image', fields: pushed }]
  }
  return requests.map((request) =>
    PUSHING_TYPES.has(request.type) ? { ...request, fields: [...request.fields, ...pushed] } : request
  )
}

function withLoad(requests: readonly OutputRequest[], load: boolean): readonly OutputRequest[] {
  const loads = requests.some((request) => request.type === 'docker' && !has(request, 'dest'))
  return load && !loads ? [...requests, { text: 'type=docker', type: 'docker', fields: [] }] : requests
}

/** The attributes that say what one `--annotation` says. */
function annotationFields(text: string): readonly Field[] {
  return parseAnnotation(text).map(({ target, platform, key, value }) => ({
    key: `annotation-${target}${platform === null ? '' : `[${platform}]`}.${key}`,
    value
  }))
}

function isNamed(request: OutputRequest): boolean {
  const { key, aliases } = manifestOptions.names
  return [key, ...aliases].some((each) => has(request, each))
}

function has(request: OutputRequest, key: string): boolean {
  return request.fields.some((field) => field.key === key)
}

const PUSHING_TYPES: ReadonlySet<string> = new Set(['image', 'registry'])
const IMAGE_TYPES: ReadonlySet<string> = new Set(['image', 'registry', 'oci', 'docker'])
