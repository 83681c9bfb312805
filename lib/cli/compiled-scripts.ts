import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/**
 * Keeps what V8 compiles of the `.cjs` files beside this module that are loaded from now on in a directory, as
 * `module.enableCompileCache` does, which Node 20 does not have. Written when the process ends; `restoreFlags` is called
 * before: V8 takes back only what it gave with the same flags.
 */
export function keepCompiledScripts(directory: string, restoreFlags: () => void): void {
  const place = join(directory, `${process.version}-${process.arch}-${cachedDataVersionTag()}`)
  const own = dirname(fileURLToPath(import.meta.url))
  const added: Compiled[] = []
  const { extensions } = createRequire(import.meta.url)
  const load = extensions['.js']
  extensions['.cjs'] = (module, path) => {
    if (dirname(path) !== own) return load?.(module, path)
    const source = readFileSync(path)
    if (source.includes('import(')) return load?.(module, path) // Only Node can give it what loads ES modules.
    const file = join(place, `${crc32(source).toString(16)}-${basename(path)}`)
    const cachedData = readKept(file)
    const script = new Script(wrapped(source), { filename: path, ...(cachedData && { cachedData }) })
    if (cachedData === undefined) added.push({ script, file })
    script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path))
  }
  process.on('exit', () => {
    if (added.length === 0) return
    restoreFlags()
    keep(place, added)
  })
}

interface Compiled {
  readonly script: Script
  readonly file: string
}

/** As Node does it: in the first line, so that lines have their numbers. */
function wrapped(source: Buffer): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`
}

/**
 * V8 does not look whether it is whole: a checksum is before it. What somebody else can write would be run as this user.
 */
function readKept(file: string): Buffer | undefined {
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const { uid, mode } = fstatSync(descriptor)
      if (uid !== (process.getuid?.() ?? uid) || (mode & WRITABLE_BY_OTHERS) !== 0) return undefined
      const kept = readFileSync(descriptor)
      const data = kept.subarray(CHECKSUM)
      return kept.readUInt32LE() === crc32(data) ? data : undefined
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return undefined // Not there, or too short.
  }
}

const WRITABLE_BY_OTHERS = 0o022

/** Bytes. */
const CHECKSUM = 4

function keep(place: string, added: readonly Compiled[]): void {
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 })
    for (const { script, file } of added) writeKept(file, script.createCachedData())
  } catch {
    // Where nothing can be kept, nothing is.
  }
}

function writeKept(file: string, data: Buffer): void {
  const checksum = Buffer.alloc(CHECKSUM)
  checksum.writeUInt32LE(crc32(data))
  const unfinished = `${file}.${process.pid}`
  try {
    writeFileSync(unfinished, Buffer.concat([checksum, data]), { flag: 'wx', mode: 0o600 })
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}
