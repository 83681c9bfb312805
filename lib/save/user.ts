/** Who writes: the user and group that new files get. */
export const user = process.geteuid?.() ?? 0
export const group = process.getegid?.() ?? 0

/** Whether files can be given away, and permissions do not bind. */
export const isRoot = user === 0
