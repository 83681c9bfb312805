import type { Heredoc } from './here-document.js'
import type { Statement } from './statement.js'

/*
 * The instructions of a Dockerfile as values. Words are as written: quotes, escapes and variables are expanded when the
 * instruction is evaluated, because what they stand for depends on the instructions before it.
 */

interface Common<K extends string> {
  readonly kind: K
  readonly statement: Statement
}

export interface From extends Common<'FROM'> {
  readonly image: string
  readonly name: string | null
  readonly platform: string | null
}

/** A name with its value, null where it is only declared. */
export interface Assignment {
  readonly name: string
  readonly value: string | null
}

export interface Arg extends Common<'ARG'> {
  readonly assignments: readonly Assignment[]
}

export interface Env extends Common<'ENV' | 'LABEL'> {
  readonly assignments: readonly Assignment[]
}

export interface Copy extends Common<'COPY' | 'ADD'> {
  readonly sources: readonly string[]
  readonly destination: string
  readonly documents: readonly Heredoc[]
  readonly from: string | null
  readonly chown: string | null
  readonly chmod: string | null
  readonly link: boolean
  readonly parents: boolean
  readonly exclude: readonly string[]
  readonly checksum: string | null
  /** Whether archives are unpacked; null where the instruction's own default holds. */
  readonly unpack: boolean | null
}

/** A command line: words, or text for a shell. */
export interface CommandLine {
  readonly words: readonly string[]
  readonly shell: boolean
}

export interface Command extends Common<'CMD' | 'ENTRYPOINT'> {
  readonly command: CommandLine
}

export interface Run extends Common<'RUN'> {
  readonly command: CommandLine
  readonly mounts: readonly string[]
  readonly network: string | null
  readonly security: string | null
}

export interface Healthcheck extends Common<'HEALTHCHECK'> {
  /** Null for NONE. */
  readonly command: CommandLine | null
  readonly interval: string | null
  readonly timeout: string | null
  readonly startPeriod: string | null
  readonly startInterval: string | null
  readonly retries: string | null
}

/** Instructions that are a list of words: ports, paths, a shell's command line. */
export interface Words extends Common<'EXPOSE' | 'VOLUME' | 'SHELL'> {
  readonly words: readonly string[]
}

/** Instructions that are one text. */
export interface Text extends Common<'WORKDIR' | 'USER' | 'STOPSIGNAL' | 'MAINTAINER' | 'ONBUILD'> {
  readonly text: string
}

export type Instruction = From | Arg | Env | Copy | Command | Run | Healthcheck | Words | Text
export type Keyword = Instruction['kind']
