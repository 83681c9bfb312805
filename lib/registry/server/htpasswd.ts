import { readFile } from 'node:fs/promises'
import { digestOf } from '../../blob/digest.js'
import { InputError } from '../../errors.js'
import { type Quirk, Refusal } from './exchange.js'

/** Lets through who gives a user and password of an htpasswd file with bcrypt lines (`htpasswd -B`). */
export async function createGuard(path: string): Promise<Quirk> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new InputError({ operation: 'read htpasswd file', subject: path, cause })
  })
  const users = parseHtpasswd(text, path)
  // bcrypt is slow on purpose: what was right once is known by its digest while the process lives.
  const known = new Set<string>()
  return async (request, next) => {
    const { authorization } = request.headers
    if (authorization === undefined || !(await mayPass(users, known, authorization))) throw unauthorized()
    return next(request)
  }
}

/** `user:hash` lines; empty lines and comments are skipped. */
function parseHtpasswd(text: string, path: string): ReadonlyMap<string, string> {
  const users = new Map<string, string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, user, hash] = /^([^:]+):(\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})\s*$/.exec(line) ?? []
    if (user === undefined || hash === undefined) throw notBcrypt(path, index + 1)
    users.set(user, hash)
  }
  return users
}

async function mayPass(
  users: ReadonlyMap<string, string>,
  known: Set<string>,
  authorization: string
): Promise<boolean> {
  const seal = digestOf(authorization)
  if (known.has(seal)) return true
  const [, encoded] = /^basic +([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? []
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? []
  const hash = user === undefined ? undefined : users.get(user)
  if (hash === undefined || password === undefined) return false
  const { compare } = await import('bcryptjs')
  if (!(await compare(password, hash))) return false
  known.add(seal)
  return true
}

function unauthorized(): Refusal {
  return new Refusal(401, 'UNAUTHORIZED', 'a user and a password are needed', {
    'WWW-Authenticate': 'Basic realm="layerpipe"'
  })
}

function notBcrypt(path: string, line: number): InputError {
  return new InputError({
    operation: 'read htpasswd file',
    subject: `${path}, line ${line}`,
    expected: 'user:hash with a bcrypt hash',
    advice: 'make it with `htpasswd -B`'
  })
}
