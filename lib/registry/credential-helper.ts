import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { InputError, messageOf } from '../errors.js'
import { fieldAt, jsonOrNull } from '../loose-json.js'
import type { Credentials } from './credential.js'

/**
 * Asks `docker-credential-NAME get`. Null where it has nothing for the host.
 *
 * @throws InputError when it can't be run, fails, says rubbish, or has not answered after `deadline` milliseconds
 */
export async function askHelper(name: string, host: string, deadline: number): Promise<Credentials | null> {
  const subject = `docker-credential-${name} for ${host}`
  if (!/^[\w.-]+$/.test(name)) throw failed(subject, 'a name that is no program name')
  const { output, code } = await run(`docker-credential-${name}`, host, deadline, subject)
  if (code !== 0 && /credentials not found|no credentials server/i.test(output)) return null
  // What it printed may be a secret: it is in no error.
  if (code !== 0) throw failed(subject, `exit code ${code}`)
  const answer = jsonOrNull(output)
  const [user, secret] = [fieldAt(answer, 'Username'), fieldAt(answer, 'Secret')]
  if (typeof user !== 'string' || typeof secret !== 'string') throw failed(subject, 'an answer that is no credential')
  if (user === '<token>') return { kind: 'identity-token', token: secret }
  return { kind: 'password', user, password: secret }
}

interface Ending {
  readonly output: string
  readonly code: number | null
}

async function run(program: string, input: string, deadline: number, subject: string): Promise<Ending> {
  const signal = AbortSignal.timeout(deadline)
  const child = spawn(program, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], signal, killSignal: 'SIGKILL' })
  child.stdin.on('error', () => {}) // it may end without reading its input
  child.stdin.end(`${input}\n`)
  try {
    const [[code], output] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stdout)])
    return { output, code }
  } catch (error) {
    child.stdout.destroy()
    throw failed(subject, signal.aborted ? `no answer in ${deadline} ms` : messageOf(error))
  }
}

function failed(subject: string, found: string): InputError {
  return new InputError({
    operation: 'ask credential helper',
    subject,
    found,
    advice: 'run it by hand, or take it out of credHelpers and credsStore'
  })
}
