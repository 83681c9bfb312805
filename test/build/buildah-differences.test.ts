import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { showDifferences } from './buildah.js'
import { buildahDifferences } from './buildah-differences.js'

showDifferences(buildahDifferences, async (context) => {
  await writeFile(join(context, 'run'), '#!/bin/sh\n')
  await chmod(join(context, 'run'), 0o4755)
})
