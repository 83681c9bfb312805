import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { commands } from '../../../lib/cli/commands.js'
import { bashCompletion } from '../../../lib/cli/completion/bash.js'
import { fishCompletion } from '../../../lib/cli/completion/fish.js'
import { zshCompletion } from '../../../lib/cli/completion/zsh.js'
import { layerpipe } from '../../helpers/command.js'

const missing = (program: string): string | false =>
  spawnSync(program, ['--version']).error === undefined ? false : `${program} is not installed`

function completeInBash(directory: string, words: readonly string[]): readonly string[] {
  const script = join(directory, 'completion.bash')
  writeFileSync(script, bashCompletion(commands))
  const set = `COMP_WORDS=(layerpipe "$@"); COMP_CWORD=$#; _layerpipe; printf '%s\\n' "\${COMPREPLY[@]}"`
  const ran = spawnSync('bash', ['-c', `source ${script}; ${set}`, 'bash', ...words], { cwd: directory })
  if (ran.stderr.length > 0) throw new Error(ran.stderr.toString())
  return ran.stdout.toString().split('\n').filter(Boolean)
}

test('bash completes commands, flags and their values', { skip: missing('bash') }, async (t) => {
  const directory = t.testdir({ 'policy.json': '{}', app: {} })
  const complete = (...words: readonly string[]) => completeInBash(directory, words)
  t.same(complete('ex'), ['export'])
  t.same(complete('store', 'l'), ['ls'])
  t.same(complete('store', 'ls', '--js'), ['--json'])
  t.same(complete('export', 'app', '--metad'), ['--metadata-file'])
  t.same(complete('export', '--progress', 'p'), ['plain'])
  t.same(complete('export', '-o', 'type=o'), ['type=oci'])
  t.same(complete('export', '--policy', 'pol'), ['policy.json'])
  t.same(complete('export', 'ap'), ['app'])
  t.same(complete('bench', '--goal', 'min-pu'), ['min-pull', 'min-push'])
  t.same(complete('build', '--cache-to', 'type=l'), ['type=local'])
})

test('in bash nothing was offered behind an equals sign, which bash makes a word of', {
  skip: missing('bash')
}, async (t) => {
  const directory = t.testdir({ 'policy.json': '{}', 'rest.tar': '', app: {} })
  const complete = (...words: readonly string[]) => completeInBash(directory, words)
  t.same(complete('export', '--progress', '=', 'r'), ['rawjson'])
  t.same(complete('export', '--explain', '=', 'm'), ['mermaid'])
  t.same(complete('export', '--explain', '='), ['text', 'mermaid', 'dot', 'svg', 'html'])
  t.same(complete('export', '--policy', '=', 'pol'), ['policy.json'])
  t.same(complete('export', '-o', 'type', '=', 'd'), ['docker'])
  t.ok(complete('build', '--output', 'type', '=').includes('oci'))
  t.same(complete('build', '--output', '=', 'type', '=', 'o'), ['oci'])
  t.same(complete('export', '-o', 'type', '=', 'oci,dest', '=', 're'), ['rest.tar'])
  t.same(complete('build', '--cache-from', 'type', '=', 'r'), ['registry'])
  t.same(complete('export', '--label', 'type', '=', 'd'), [])
})

test('fish completes commands, flags and their values', { skip: missing('fish') }, async (t) => {
  const directory = t.testdir({ 'c.fish': fishCompletion(commands) })
  const complete = (line: string): readonly string[] => {
    const ran = spawnSync('fish', ['--no-config', '-c', `source c.fish; complete -C ${JSON.stringify(line)}`], {
      cwd: directory,
      env: { ...process.env, HOME: directory }
    })
    t.equal(ran.stderr.toString(), '')
    return ran.stdout
      .toString()
      .split('\n')
      .map((each) => each.split('\t')[0] ?? '')
      .filter(Boolean)
  }
  t.same(complete('layerpipe exp'), ['export'])
  t.same(complete('layerpipe store v'), ['verify'])
  t.same(complete('layerpipe export app --metad'), ['--metadata-file'])
  t.same(complete('layerpipe export --progress pl'), ['plain'])
})

test('zsh reads its completion without complaint', { skip: missing('zsh') }, async (t) => {
  const directory = t.testdir({ _layerpipe: zshCompletion(commands) })
  const script = 'autoload -Uz compinit && compinit -D -u; source ./_layerpipe; print $_comps[layerpipe]'
  const ran = spawnSync('zsh', ['-f', '-c', script], { cwd: directory })
  t.equal(ran.stderr.toString(), '')
  t.equal(ran.stdout.toString(), '_layerpipe\n')
})

test('every flag of every command is in each completion', async (t) => {
  const all = [bashCompletion(commands), zshCompletion(commands), fishCompletion(commands)]
  for (const { key } of commands.flatMap(({ flags }) => Object.values(flags)))
    for (const text of all) t.match(text, new RegExp(`(--|-l )${key}\\b`))
})

test('completion for an unknown shell is a mistake that names the known ones', async (t) => {
  const ran = await layerpipe(['completion', 'tcsh'], { cwd: t.testdir() })
  t.equal(ran.code, 2)
  t.match(ran.stderr, 'bash, zsh, fish')
})
