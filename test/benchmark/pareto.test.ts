import fc from 'fast-check'
import { test } from 'tap'
import { findParetoFront } from '../../lib/benchmark/pareto.js'

test('what is beaten in both is not on the front', async (t) => {
  const points = [
    { size: 10, seconds: 1 },
    { size: 10, seconds: 2 },
    { size: 5, seconds: 3 },
    { size: 6, seconds: 4 },
    { size: 5, seconds: 3 }
  ]
  t.same(findParetoFront(points), [true, false, true, false, true])
  t.same(findParetoFront([]), [])
})

test('along the front, who is larger is faster; off it, somebody is better', async () => {
  const point = fc.record({ size: fc.nat(20), seconds: fc.nat(20) })
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), (points) => {
      const marks = findParetoFront(points)
      const front = points.filter((_, at) => marks[at])
      const beaten = points.filter((_, at) => !marks[at])
      const sorted = front.toSorted((a, b) => a.size - b.size)
      const falls = sorted.every(({ size, seconds }, at) => {
        const before = sorted[at - 1]
        return !before || (size === before.size ? seconds === before.seconds : seconds < before.seconds)
      })
      const covered = beaten.every((each) => front.some((o) => o.size <= each.size && o.seconds <= each.seconds))
      return front.length > 0 && falls && covered
    })
  )
})
