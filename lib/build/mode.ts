/** Gives an entry's new permission bits out of its old ones. */
export type ModeChange = (mode: number, isDirectory: boolean) => number

/** `--chmod`: octal digits up to 7777, or the symbolic form of chmod(1), `u=rwX,go=u-w`. Null where it is neither. */
export function parseModeChange(text: string): ModeChange | null {
  if (/^[0-7]{1,5}$/.test(text)) {
    const mode = Number.parseInt(text, 8)
    return mode <= 0o7777 ? () => mode : null
  }
  const clauses = text.split(',').map(parseClause)
  if (!clauses.every((clause) => clause !== null)) return null
  return (mode, isDirectory) => clauses.reduce((before, clause) => clause(before, isDirectory), mode)
}

const CLAUSE = /^([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)$/

function parseClause(text: string): ModeChange | null {
  const [, who = '', actions] = CLAUSE.exec(text) ?? []
  if (actions === undefined) return null
  const whom = maskOf(who)
  const steps = [...actions.matchAll(/([-+=])([ugo]|[rwxXst]*)/g)]
  return (mode, isDirectory) =>
    steps.reduce((before, [, operator, permissions = '']) => {
      const bits = bitsOf(permissions, before, isDirectory) & whom
      if (operator === '+') return before | bits
      return operator === '-' ? before & ~bits : (before & ~whom) | bits
    }, mode)
}

/** The bits that belong to user, group and others, with setuid, setgid and sticky. */
const MASKS = { u: 0o4700, g: 0o2070, o: 0o1007 } as const

/** How far the permissions of user, group and others are from the right. */
const SHIFTS: ReadonlyMap<string, number> = new Map([
  ['u', 6],
  ['g', 3],
  ['o', 0]
])

function maskOf(who: string): number {
  if (who === '' || who.includes('a')) return 0o7777
  return (who.includes('u') ? MASKS.u : 0) | (who.includes('g') ? MASKS.g : 0) | (who.includes('o') ? MASKS.o : 0)
}

/** Of all three classes; the letter of one stands for what that has in `mode`. */
function bitsOf(permissions: string, mode: number, isDirectory: boolean): number {
  const copied = SHIFTS.get(permissions)
  if (copied !== undefined) return ((mode >> copied) & 0o7) * 0o111
  const executable = isDirectory || (mode & 0o111) !== 0
  return [...permissions].reduce((bits, letter) => bits | bitOf(letter, executable), 0)
}

function bitOf(letter: string, executable: boolean): number {
  switch (letter) {
    case 'r':
      return 0o444
    case 'w':
      return 0o222
    case 'x':
      return 0o111
    case 'X':
      return executable ? 0o111 : 0
    case 's':
      return 0o6000
    default:
      return 0o1000
  }
}
