#!/usr/bin/env node
import { keepCompiledCode } from './compiled-code.js'
import { keepHeapLean } from './lean-heap.js'

keepHeapLean()
keepCompiledCode()
const program = import('./program.js') // only now, so that it is kept as well
program.then(({ main }) => main(process.argv.slice(2))).then((code) => process.exit(code))
