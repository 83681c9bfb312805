import type { Dockerfile } from '../dockerfile.js'
import type { Instruction } from '../instruction.js'
import type { Finding } from './finding.js'

/** Forms of instructions that are outdated, or that depend on what can't be seen in the Dockerfile. */
export function checkForms({ instructions }: Dockerfile): readonly Finding[] {
  let isPlaced = false
  return instructions.flatMap((each): readonly Finding[] => {
    if (each.kind === 'FROM') isPlaced = false
    if (each.kind === 'MAINTAINER')
      return [found(each, 'MaintainerDeprecated', 'use LABEL org.opencontainers.image.authors="…" instead')]
    if ((each.kind === 'ENV' || each.kind === 'LABEL') && isOldForm(each.statement.rest))
      return [found(each, 'LegacyKeyValueFormat', `write ${each.kind} NAME=VALUE, with quotes around blanks`)]
    if (each.kind !== 'WORKDIR' || isPlaced || each.text.startsWith('$')) return []
    isPlaced = isAbsolute(each.text)
    const advice = 'begin with /: what it stands for depends on the image that FROM names'
    return isPlaced ? [] : [found(each, 'WorkdirRelativePath', advice, each.text)]
  })
}

function found({ statement }: Instruction, rule: string, message: string, word = statement.rest): Finding {
  return { rule, message, location: statement.location, word }
}

function isOldForm(rest: string): boolean {
  return !(rest.split(/\s/, 1)[0] ?? '').includes('=')
}

function isAbsolute(path: string): boolean {
  return /^["']?(?:[/\\]|[a-z]:)/i.test(path)
}
