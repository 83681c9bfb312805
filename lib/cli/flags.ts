import type { OptionsOf, OptionTable } from '../options/option.js'
import { explainForms } from './report/explain-forms.js'

/** What is exported: flags of every command that reads sources. */
export const sourceFlags = {
  base: {
    key: 'base',
    kind: 'text',
    default: null,
    placeholder: 'SOURCE',
    help: 'the image below the sources, whose layers are kept as they are'
  },
  diff: {
    key: 'diff',
    kind: 'boolean',
    default: false,
    help: 'each source is a full tree: write only what differs from the base'
  },
  platforms: {
    key: 'platform',
    kind: 'repeated',
    default: [],
    placeholder: 'OS/ARCH[,OS/ARCH]',
    help: 'the platforms wanted, out of those that the sources have'
  },
  changes: {
    key: 'change',
    kind: 'repeated',
    default: [],
    placeholder: 'INSTRUCTION',
    help: 'a Dockerfile instruction for the config: \'CMD ["node","app.js"]\''
  },
  labels: {
    key: 'label',
    kind: 'repeated',
    default: [],
    placeholder: 'KEY=VALUE',
    help: 'a label of the image'
  }
} as const satisfies OptionTable

/** What comes out. */
export const outputFlags = {
  outputs: {
    key: 'output',
    short: 'o',
    kind: 'repeated',
    default: [],
    placeholder: 'OUTPUT',
    help: 'type=TYPE[,KEY=VALUE…]; DIR means type=local,dest=DIR, and - means type=tar,dest=-'
  },
  tags: {
    key: 'tag',
    short: 't',
    kind: 'repeated',
    default: [],
    placeholder: 'NAME',
    help: 'a name for every image output that has none of its own'
  },
  push: { key: 'push', kind: 'boolean', default: false, help: 'push every image output, or add one that is pushed' },
  load: { key: 'load', kind: 'boolean', default: false, help: 'load into the container engine: adds type=docker' },
  annotations: {
    key: 'annotation',
    kind: 'repeated',
    default: [],
    placeholder: '[TARGET:]KEY=VALUE',
    help: 'an annotation on the image; TARGET as in index,manifest[linux/amd64]'
  },
  prioritizedFile: {
    key: 'estargz-prioritize',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'a list of paths, one a line, that estargz layers begin with'
  },
  metadataFile: {
    key: 'metadata-file',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'write digests and names of what was made, as JSON'
  },
  imageIdFile: {
    key: 'iidfile',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'write the image ID'
  },
  policies: {
    key: 'policy',
    kind: 'repeated',
    default: [],
    placeholder: 'POLICY',
    help: 'name nothing unless the image keeps it: secrets, hardened, tidy, a JSON file or a module'
  },
  policyReport: {
    key: 'policy-report',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'write what the policies found, as JSON'
  },
  reportFile: {
    key: 'report',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'write a page that shows where the time went and what fills the layers, as HTML'
  },
  traceFile: {
    key: 'trace',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: "write what happened when, for Chrome's and Perfetto's trace viewers"
  }
} as const satisfies OptionTable

/** How it is done. */
export const runFlags = {
  explain: {
    key: 'explain',
    kind: 'choice',
    choices: explainForms,
    default: null,
    implied: 'text',
    help: 'print the plan and do nothing else'
  },
  progress: {
    key: 'progress',
    kind: 'choice',
    choices: ['auto', 'tty', 'plain', 'quiet', 'rawjson'],
    default: 'auto',
    help: 'how progress is shown, on standard error'
  },
  quiet: {
    key: 'quiet',
    short: 'q',
    kind: 'boolean',
    default: false,
    help: 'no progress; print the image ID at the end'
  }
} as const satisfies OptionTable

/** What earlier runs made. */
export const cacheFlags = {
  withoutCache: {
    key: 'no-cache',
    kind: 'boolean',
    default: false,
    help: 'make everything anew, and keep none of it for later runs'
  }
} as const satisfies OptionTable

/** Where images are kept. */
export const storeFlags = {
  store: {
    key: 'store',
    kind: 'text',
    default: null,
    placeholder: 'DIR',
    help: "the image store; by default in the user's cache directory"
  }
} as const satisfies OptionTable

/** How registries are spoken to. */
export const registryFlags = {
  ca: {
    key: 'ca',
    kind: 'text',
    default: null,
    placeholder: 'FILE',
    help: 'certificates of authorities to trust for registries and URLs, besides the usual ones'
  },
  insecureRegistries: {
    key: 'insecure-registry',
    kind: 'repeated',
    default: [],
    placeholder: 'HOST[:PORT]',
    help: 'a registry whose certificate is not checked, and that may speak plain HTTP'
  }
} as const satisfies OptionTable

/** The flags of every command that exports something. */
export type ExportFlags = OptionsOf<
  typeof cacheFlags & typeof outputFlags & typeof runFlags & typeof storeFlags & typeof registryFlags
>
