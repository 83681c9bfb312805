import { test } from 'tap'
import { processorQuota, usableThreads } from '../lib/usable-threads.js'

const GIBIBYTE = 2 ** 30

/** A reader of the files that are there. */
function reader(files: Readonly<Record<string, string>>): (path: string) => string | null {
  return (path) => files[path] ?? null
}

test('a machine without limits is used with all of its cores', async (t) => {
  t.equal(usableThreads({ cores: 8, quota: null, memory: 16 * GIBIBYTE }), 8)
})

test('a container that may use two of 64 cores starts two threads', async (t) => {
  t.equal(usableThreads({ cores: 64, quota: 2, memory: 256 * GIBIBYTE }), 2)
  t.equal(usableThreads({ cores: 64, quota: 1.5, memory: 256 * GIBIBYTE }), 2, 'what is begun is used')
  t.equal(usableThreads({ cores: 64, quota: 0.1, memory: 256 * GIBIBYTE }), 1, 'there is always one')
})

test('a container with little memory starts no more threads than that is enough for', async (t) => {
  t.equal(usableThreads({ cores: 64, quota: null, memory: GIBIBYTE / 2 }), 4)
  t.equal(usableThreads({ cores: 64, quota: null, memory: 1000 }), 1)
})

test('what this process may use is found out', async (t) => {
  const threads = usableThreads()
  t.ok(Number.isInteger(threads) && threads >= 1, `${threads}`)
})

test('the least quota of a control group and of those above counts', async (t) => {
  const read = reader({
    '/proc/self/cgroup': '0::/user.slice/build.scope\n',
    '/sys/fs/cgroup/user.slice/build.scope/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/user.slice/cpu.max': '250000 100000\n'
  })
  t.equal(processorQuota(read), 2.5)
})

test('a group whose path is that of the host has the quota of the root that is seen', async (t) => {
  const read = reader({
    '/proc/self/cgroup': '12:cpu,cpuacct:/docker/0123abcd\n3:memory:/docker/0123abcd\n',
    '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '400000\n',
    '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '200000\n'
  })
  t.equal(processorQuota(read), 2)
})

test('there is no quota where none is set, and where there are no control groups', async (t) => {
  const unlimited = reader({
    '/proc/self/cgroup': '4:memory:/\n1:cpu:/\n0::/\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    '/sys/fs/cgroup/cpu.max': 'max 100000\n'
  })
  t.equal(processorQuota(unlimited), null)
  t.equal(processorQuota(reader({})), null)
  t.equal(processorQuota(reader({ '/proc/self/cgroup': 'nonsense' })), null)
})
