import { listShares } from './shares.js'

// Runs the test files of a share, which the parameter names, one after another.
const share = listShares().find(({ name }) => name === process.argv[2])
for (const file of share?.files ?? []) await import(`./${file}`)
