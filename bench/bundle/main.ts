import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { bundle } from './bundle.js'
import { assignFile } from './files.js'
import { LAZY_PACKAGES, pathOfPackage } from './packages.js'
import { BUNDLE, compiled } from './paths.js'
import { writeNotices } from './write-notices.js'

/*
 * Joins the compiled modules of the program, and the packages that it uses, into a few files: to find, read and link each
 * takes longer than to run it. What few runs need stays in files of its own. They are CommonJS, which Node starts sooner
 * than ES modules.
 */

/** Scripts of threads and processes: each in one file with all that it needs. */
const SCRIPTS = ['lib/codec/codec-worker.js', 'lib/benchmark/measure-process.js']

rmSync(BUNDLE, { recursive: true, force: true })
const chunks = await Promise.all([
  bundle('main', compiled('lib/cli/main.js'), assignFile),
  ...LAZY_PACKAGES.map((name) => bundle(name, pathOfPackage(name))),
  ...SCRIPTS.map((script) => bundle(basename(script, '.js'), compiled(script)))
])
writeNotices(chunks.flat())
