import { printableText } from './streams/bytes.js'

/** What an error says to the person who reads it; every field is a phrase without a full stop. */
export interface Problem {
  /** What was being done: "read layer tar", "push blob". */
  readonly operation: string
  /** Which side and which thing: "source dir:./app, entry bin/sh". */
  readonly subject: string
  /** What was expected, if something definite was. */
  readonly expected?: string
  /** What was found instead. */
  readonly found?: string
  /** What the reader can do about it. */
  readonly advice?: string
  readonly cause?: unknown
}

/**
 * The base of every error that layerpipe raises on purpose.
 *
 * `code` is stable and is what programs compare; the message is for people and may change.
 */
export abstract class LayerpipeError extends Error {
  abstract readonly code: string
  readonly problem: Problem

  constructor(problem: Problem) {
    super(describe(problem), problem.cause === undefined ? undefined : { cause: problem.cause })
    this.name = new.target.name
    this.problem = problem
  }
}

/** The command line, an option or a name is wrong; nothing was started. Exit code 2. */
export class UsageError extends LayerpipeError {
  readonly code = 'ERR_USAGE'
}

/** A file, an archive, an image or a stream that came in is not what it claims to be. */
export class InputError extends LayerpipeError {
  readonly code = 'ERR_INPUT'
}

/** A destination could not be written, or stands in the way. */
export class OutputError extends LayerpipeError {
  readonly code = 'ERR_OUTPUT'
}

/** Who read standard output has stopped reading. A program ends quietly on it, with exit code 1. */
export class ClosedOutputError extends LayerpipeError {
  readonly code = 'ERR_CLOSED_OUTPUT'
}

/** Any thrown value as an error, which streams want. */
export function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The code of a system error ("ENOENT"), or null for anything else. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

function describe({ operation, subject, expected, found, advice, cause }: Problem): string {
  const contrast = [expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(', ')
  const because = contrast || (cause === undefined ? '' : messageOf(cause).trim())
  const sentence = [operation, subject, because].filter(Boolean).join(': ')
  return harmless(advice ? `${sentence}. ${advice[0]?.toUpperCase()}${advice.slice(1)}` : sentence)
}

/** Names of files and answers of servers may hold what a terminal would obey. */
function harmless(message: string): string {
  return message.replace(/[^\P{Cc}\n\t]/gu, printableText)
}
