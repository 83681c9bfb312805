import type { OptionsOf, OptionTable } from '../../lib/options/option.js'
import { manifestOptions } from './manifest.js'

export const imageOptions = {
  ...manifestOptions,
  push: { key: 'push', kind: 'boolean', default: false, help: 'push to the registries of the names' },
  pushByDigest: {
    key: 'push-by-digest',
    kind: 'boolean',
    default: false,
    help: 'push without a tag; the name must have none'
  },
  insecure: {
    key: 'insecure',
    aliases: ['registry.insecure'],
    kind: 'boolean',
    default: false,
    help: 'for the hosts of the names: do not check certificates, and fall back to HTTP'
  },
  store: { key: 'store', kind: 'boolean', default: true, help: 'keep the image in the image store' },
  unpack: {
    key: 'unpack',
    kind: 'boolean',
    default: false,
    help: 'unpack the image after it was stored; refused, because the store here keeps layouts'
  },
  nameCanonical: {
    key: 'name-canonical',
    kind: 'boolean',
    default: false,
    help: 'also name the image name@digest'
  },
  danglingNamePrefix: {
    key: 'dangling-name-prefix',
    kind: 'text',
    default: null,
    placeholder: 'PREFIX',
    help: 'name an image without a name PREFIX@digest'
  }
} as const satisfies OptionTable

export type ImageOptions = OptionsOf<typeof imageOptions>
