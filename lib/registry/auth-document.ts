import { InputError } from '../errors.js'
import { isJsonObject, jsonOrNull } from '../loose-json.js'

/** A file in which docker or podman keep credentials. What it does not have is empty. */
export interface AuthDocument {
  readonly auths: Readonly<Record<string, AuthEntry>>
  readonly credHelpers: Readonly<Record<string, string>>
  readonly credsStore: string
}

export interface AuthEntry {
  readonly auth: string
  readonly username: string
  readonly password: string
  readonly identitytoken: string
  readonly registrytoken: string
}

/** Reads the text of the file at `path`. Throws InputError, without what might be a secret, where it is no such file. */
export function parseAuthDocument(text: string, path: string): AuthDocument {
  const document = jsonOrNull(text)
  if (!isJsonObject(document)) throw problem(path, 'a JSON object', document)
  const { credsStore } = document
  return {
    auths: mapObject(document.auths, `${path}, auths`, readEntry),
    credHelpers: mapObject(document.credHelpers, `${path}, credHelpers`, readText),
    credsStore: readText(credsStore, `${path}, credsStore`)
  }
}

function readEntry(value: unknown, subject: string): AuthEntry {
  const entry = readObject(value, subject)
  const read = (name: keyof AuthEntry): string => readText(entry[name], `${subject}, ${name}`)
  return {
    auth: read('auth'),
    username: read('username'),
    password: read('password'),
    identitytoken: read('identitytoken'),
    registrytoken: read('registrytoken')
  }
}

function mapObject<T>(value: unknown, subject: string, read: (value: unknown, subject: string) => T) {
  const entries = Object.entries(readObject(value, subject))
  return Object.fromEntries(entries.map(([key, each]) => [key, read(each, `${subject}, ${key}`)]))
}

/** Null counts as absent, because Go writes it so. */
function readObject(value: unknown, subject: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {}
  if (isJsonObject(value)) return value
  throw problem(subject, 'a JSON object', value)
}

function readText(value: unknown, subject: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  throw problem(subject, 'a text', value)
}

function problem(subject: string, expected: string, value: unknown): InputError {
  const found = value === null ? 'something else' : Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
  const advice = 'log in again, or mend the file'
  return new InputError({ operation: 'read credentials', subject, expected, found, advice })
}
