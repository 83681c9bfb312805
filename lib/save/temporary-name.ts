import { randomUUID } from 'node:crypto'

/** A name, all ASCII, that no entry has. */
export function temporaryName(): string {
  return `.layerpipe-${randomUUID()}`
}
