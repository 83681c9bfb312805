import { nearest } from '../nearest.js'
import { takeFlags } from './flags.js'
import type { Instruction, Keyword } from './instruction.js'
import { parseArg, parsePairs } from './parse-assignments.js'
import { parseCommand, parseHealthcheck, parseRun, parseShell } from './parse-command.js'
import { parseAdd, parseCopy } from './parse-copy.js'
import { parseFrom } from './parse-from.js'
import { parseExpose, parseOnbuild, parseText, parseVolume } from './parse-text.js'
import { DockerfileError } from './problem.js'
import type { Statement } from './statement.js'

/** Tells a statement's flags and arguments apart, as its keyword wants them. Fails on an unknown keyword. */
export function parseInstruction(statement: Statement): Instruction {
  const { keyword, location } = statement
  if (isKeyword(keyword)) return PARSERS[keyword](statement)
  const written = (location.lines[location.start] ?? '').trim().split(/\s/, 1)[0] ?? keyword
  const guess = nearest(keyword, Object.keys(PARSERS))
  throw new DockerfileError(
    {
      operation: 'read Dockerfile',
      expected: `an instruction (${Object.keys(PARSERS).join(', ')})`,
      found: written,
      ...(guess && { advice: `did you mean ${guess}?` })
    },
    location,
    written
  )
}

function isKeyword(keyword: string): keyword is Keyword {
  return Object.hasOwn(PARSERS, keyword)
}

type Parse = (statement: Statement) => Instruction

const PARSERS: Readonly<Record<Keyword, Parse>> = {
  ADD: parseAdd,
  ARG: withoutFlags(parseArg),
  CMD: withoutFlags((statement) => parseCommand(statement, 'CMD')),
  COPY: parseCopy,
  ENTRYPOINT: withoutFlags((statement) => parseCommand(statement, 'ENTRYPOINT')),
  ENV: withoutFlags((statement) => parsePairs(statement, 'ENV')),
  EXPOSE: withoutFlags(parseExpose),
  FROM: parseFrom,
  HEALTHCHECK: parseHealthcheck,
  LABEL: withoutFlags((statement) => parsePairs(statement, 'LABEL')),
  MAINTAINER: withoutFlags((statement) => parseText(statement, 'MAINTAINER')),
  ONBUILD: withoutFlags(parseOnbuild),
  RUN: parseRun,
  SHELL: withoutFlags(parseShell),
  STOPSIGNAL: withoutFlags((statement) => parseText(statement, 'STOPSIGNAL')),
  USER: withoutFlags((statement) => parseText(statement, 'USER')),
  VOLUME: withoutFlags(parseVolume),
  WORKDIR: withoutFlags((statement) => parseText(statement, 'WORKDIR'))
}

/** An instruction that has no flags: a word that looks like one is an error, unless it stands behind `--`. */
function withoutFlags(parse: Parse): Parse {
  return (statement) => {
    const [, rest] = takeFlags(statement, {})
    return parse({ ...statement, rest })
  }
}
