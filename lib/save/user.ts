/** Who writes: the user and group that new files get. Asked each time, because a program may give up its rights while it runs. */
export const user = (): number => process.geteuid?.() ?? 0
export const group = (): number => process.getegid?.() ?? 0

/** Whether files can be given away, and permissions do not bind. */
export const isRoot = (): boolean => user() === 0
