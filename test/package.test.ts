import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'tap'

const ROOT = join(import.meta.dirname, '../..')

/** Paths from the package's root. */
const packed: readonly string[] = listPacked()

test('the package has the program, the exports, their types, the licence and nothing that only we need', (t) => {
  const allowed = [
    /^(package\.json|README\.md)$/,
    /^dist\/(lib|pipelines|pipelines\/options|test\/conformance)\/.*(?<!\.test)(\.d\.ts|\.js)$/,
    /^dist\/program\/bundle\/([\w-]+\.cjs|NOTICES\.txt)$/,
    /^lib\/codec\/(libdeflate|libzstd)\/(COPYING|lib[a-z]+\.wasm)$/
  ]
  t.same(
    packed.filter((path) => !allowed.some((pattern) => pattern.test(path)) || /^dist\/pipelines\/recipes/.test(path)),
    []
  )
  for (const path of [
    'README.md',
    'dist/program/bundle/NOTICES.txt',
    'dist/lib/index.d.ts',
    'dist/test/conformance/index.d.ts'
  ]) {
    t.ok(packed.includes(path), path)
  }
  t.end()
})

test('all that the program and the exports load is in the package', (t) => {
  const entries = ['dist/program/bundle/main.cjs', 'dist/lib/index.js', 'dist/test/conformance/index.js']
  const needed = reachable(entries)
  t.ok(needed.length > 300, `${needed.length} files`)
  t.same(
    needed.filter((path) => !packed.includes(path)),
    []
  )
  t.end()
})

test('the types of the test kit came from a package that nothing said to be needed', (t) => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const known = Object.keys({ ...dependencies, ...peerDependencies })
  for (const path of packed.filter((each) => each.endsWith('.d.ts'))) {
    const text = readFileSync(join(ROOT, path), 'utf8')
    const names = [...text.matchAll(/(?:\bfrom |\bimport\()'((?:@[^/']+\/)?[^./'][^/']*)/g)].map(
      ([, name]) => name ?? ''
    )
    t.same(
      names.filter((name) => !name.startsWith('node:') && !known.includes(name)),
      [],
      path
    )
  }
  t.end()
})

test('what a program makes with the package and exports had types that could not be named', (t) => {
  const program = `
    import * as layerpipe from 'layerpipe'
    export const options = layerpipe.optionsOf('oci')
    export const { archive, layout, upload, load, keep, save, deliverTar, codecs, directory, tarball } = layerpipe
    export const { registryImage, existingImage, openStore, createRegistryClient, startRegistry, build } = layerpipe
    export const pushing: layerpipe.RegistryOptions = layerpipe.optionsOf('registry')
    export const stages = [layerpipe.diff(), layerpipe.pack(), layerpipe.flatten(), layerpipe.survey()] as const
    export const later = () => layerpipe.run([layerpipe.oci(directory({ path: '.', target: '' }), options)])
  `
  const place = t.testdir({
    'program.ts': program,
    'package.json': '{ "type": "module" }',
    node_modules: { layerpipe: t.fixture('symlink', ROOT) }
  })
  const flags = '--declaration --emitDeclarationOnly --module nodenext --target es2022 --strict --preserveSymlinks'
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types'), '--skipLibCheck']
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const { stdout, status } = spawnSync(process.execPath, [compiler, ...flags.split(' '), ...types, 'program.ts'], {
    cwd: place,
    encoding: 'utf8'
  })
  t.equal(stdout, '')
  t.equal(status, 0)
  t.end()
})

function listPacked(): readonly string[] {
  const text = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const [{ files }]: [{ files: { path: string }[] }] = JSON.parse(text)
  return files.map(({ path }) => path)
}

/** The files that modules import, load later, or give to threads, and those that these do. */
function reachable(entries: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const waiting = [...entries]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue
    found.add(path)
    if (/\.c?js$/.test(path)) waiting.push(...referencesOf(path))
  }
  return [...found]
}

function referencesOf(path: string): readonly string[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const references = text.matchAll(/(?:\bfrom |\bimport |\bimport\(|\brequire\(|new URL\()['"](\.\.?\/[^'"]+)['"]/g)
  return [...references].map(([, reference]) => normalize(join(dirname(path), reference ?? '')))
}
