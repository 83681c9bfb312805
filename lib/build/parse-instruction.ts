import { nearest } from '../nearest.js'
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

const PARSERS: Readonly<Record<Keyword, (statement: Statement) => Instruction>> = {
  ADD: parseAdd,
  ARG: parseArg,
  CMD: (statement) => parseCommand(statement, 'CMD'),
  COPY: parseCopy,
  ENTRYPOINT: (statement) => parseCommand(statement, 'ENTRYPOINT'),
  ENV: (statement) => parsePairs(statement, 'ENV'),
  EXPOSE: parseExpose,
  FROM: parseFrom,
  HEALTHCHECK: parseHealthcheck,
  LABEL: (statement) => parsePairs(statement, 'LABEL'),
  MAINTAINER: (statement) => parseText(statement, 'MAINTAINER'),
  ONBUILD: parseOnbuild,
  RUN: parseRun,
  SHELL: parseShell,
  STOPSIGNAL: (statement) => parseText(statement, 'STOPSIGNAL'),
  USER: (statement) => parseText(statement, 'USER'),
  VOLUME: parseVolume,
  WORKDIR: (statement) => parseText(statement, 'WORKDIR')
}
