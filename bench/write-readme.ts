import { readFileSync, writeFileSync } from 'node:fs'
import { withReference } from '../lib/cli/reference.js'

/* Puts the tables of commands and exporters, as they are declared, into README.md. */

const path = new URL('../../README.md', import.meta.url)
writeFileSync(path, withReference(readFileSync(path, 'utf8')))
