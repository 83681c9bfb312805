import { resolve } from 'node:path'

/** The number of the open file that a path like `/dev/stdout` or `/dev/fd/3` stands for, or null for any other path. */
export function openDescriptorOf(path: string): number | null {
  const [, name = '', number = ''] =
    /^\/(?:dev|proc\/self)\/(?:(stdout|stderr)|fd\/(\d{1,9}))$/.exec(resolve(path)) ?? []
  if (number !== '') return Number(number)
  return name === 'stdout' ? 1 : name === 'stderr' ? 2 : null
}
