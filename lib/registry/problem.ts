import { LayerpipeError, type Problem } from '../errors.js'
import { fieldAt, jsonOrNull, textAt } from '../loose-json.js'

/** What a registry said no to, or could not be asked. */
export class RegistryError extends LayerpipeError {
  readonly code = 'ERR_REGISTRY'
  /** The HTTP status; null where there was no answer. */
  readonly status: number | null
  /** The registry's own codes (distribution-spec, "Error Codes"). */
  readonly reasons: readonly string[]

  constructor(problem: Problem, status: number | null = null, reasons: readonly string[] = []) {
    super(problem)
    this.status = status
    this.reasons = reasons
  }
}

/** What is asked of a registry, for errors: "push blob", "localhost:5000/app, blob sha256:…". */
export interface Purpose {
  readonly operation: string
  readonly subject: string
}

/** The error for an answer that was not expected, in the registry's own words where it has some. */
export function problemOfAnswer(purpose: Purpose, status: number, contentType: string, body: string): RegistryError {
  const said = parseErrors(body)
  const found = said.length > 0 ? said.map(({ text }) => text).join('; ') : describeBody(contentType, body)
  const advice = adviceFor(status)
  return new RegistryError(
    { ...purpose, found: `HTTP ${status}${found && ` ${found}`}`, ...(advice !== undefined && { advice }) },
    status,
    said.map(({ code }) => code)
  )
}

interface Said {
  readonly code: string
  readonly text: string
}

function parseErrors(body: string): readonly Said[] {
  const document = jsonOrNull(body)
  const errors = fieldAt(document, 'errors')
  return Array.isArray(errors) ? errors.map(describeError) : describeOther(document)
}

function describeError(error: unknown): Said {
  const code = textAt(error, 'code') ?? 'UNKNOWN'
  const detail = fieldAt(error, 'detail')
  const more = detail === undefined || detail === null ? '' : ` (${shorten(JSON.stringify(detail))})`
  return { code, text: `${code}: ${shorten(textAt(error, 'message') ?? '')}${more}` }
}

/** Token services and proxies have error bodies of their own. */
function describeOther(document: unknown): readonly Said[] {
  const texts = ['error_description', 'details', 'message', 'error'].map((key) => textAt(document, key))
  const first = texts.find((each) => each !== null)
  return !first ? [] : [{ code: 'UNKNOWN', text: shorten(first) }]
}

function describeBody(contentType: string, body: string): string {
  if (/html/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(body)) return 'with a web page instead of an answer'
  return shorten(body.trim())
}

function adviceFor(status: number): string | undefined {
  if (status === 401) return 'log in with `docker login`, or check the credentials'
  if (status === 403) return 'check that the credentials allow this'
  if (status === 413) return 'the registry or a proxy before it limits the size of a request'
  return undefined
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}

/** Characters of somebody else's text in an error of ours. */
const LONGEST = 300
