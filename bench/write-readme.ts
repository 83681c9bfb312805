import { readFileSync, writeFileSync } from 'node:fs'
import { withExporters } from '../lib/cli/reference.js'

/* Puts the tables of exporters, as the options declare them, into README.md. */

const path = new URL('../../README.md', import.meta.url)
writeFileSync(path, withExporters(readFileSync(path, 'utf8')))
