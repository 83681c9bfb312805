#!/usr/bin/env node
import { keepCompiledCode } from './compiled-code.js'

keepCompiledCode()
const { main } = await import('./program.js') // only now, so that it is kept as well
process.exit(await main(process.argv.slice(2)))
