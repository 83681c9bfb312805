import { join } from 'node:path'

/** The built program. */
export const MAIN = join(import.meta.dirname, '../program/bundle/main.cjs')

/** Runs the built program. */
export const PROGRAM = `node ${MAIN}`

/** Runs a script, and writes down its peak memory. CommonJS, because what loads ES modules takes time to start. */
export const MEASURED_NODE = `node --require=${join(import.meta.dirname, 'report-peak.cjs')}`

/** Runs the built program, and writes down its peak memory. */
export const MEASURED_PROGRAM = `${MEASURED_NODE} ${MAIN}`
