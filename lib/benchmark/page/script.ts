/** Runs in the page: sorts the table by a column's button, and says what a point stands for when it is reached. */
export const SCRIPT = `
for (const button of document.querySelectorAll('th button')) {
  button.addEventListener('click', () => {
    const head = button.closest('th')
    const down = head.getAttribute('aria-sort') === 'ascending'
    for (const other of head.parentNode.children) other.removeAttribute('aria-sort')
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending')
    const body = head.closest('table').tBodies[0]
    const value = (row) => Number(row.cells[head.cellIndex].dataset.value)
    body.append(...[...body.rows].sort((a, b) => (value(a) - value(b)) * (down ? -1 : 1)))
  })
}
for (const point of document.querySelectorAll('[aria-roledescription=point]')) {
  const output = point.closest('figure').querySelector('output')
  const say = () => { output.textContent = point.getAttribute('aria-label') }
  point.addEventListener('focus', say)
  point.addEventListener('pointerenter', say)
}
`
