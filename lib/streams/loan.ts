/*
 * Memory that goes round. Memory that is new for every item has to be zeroed by the kernel and found again by the
 * garbage collector, which for a pipeline of bytes costs more than to read them.
 *
 * An item is lent to a reader who said that it gives back (`ReaderOptions`), and its memory is used again once it has.
 * Whoever passes an item on passes on the duty, too. An item that nobody gives back is collected like any other: to
 * forget it costs time, and to give it back while somebody still looks at it costs the bytes.
 */

interface Loan {
  holders: number
  readonly takeBack: () => void
}

const loans = new WeakMap<object, Loan>()

/** Lends `item`, to one holder: `takeBack` is called when it is given back. Gives the item. */
export function lend<T extends object>(item: T, takeBack: () => void): T {
  loans.set(item, { holders: 1, takeBack })
  return item
}

/** Says that an item goes to several holders: its memory is used again when each of them has given it back. */
export function shareLoan(item: object, holders: number): void {
  const loan = loans.get(item)
  if (loan) loan.holders += holders - 1
}

/** Says that the caller will not look at `item` again. Does nothing where it was not lent. */
export function giveBack(item: object): void {
  const loan = loans.get(item)
  if (loan === undefined) return
  loan.holders -= 1
  if (loan.holders > 0) return
  loans.delete(item)
  loan.takeBack()
}
