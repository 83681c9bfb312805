import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'

/** Where Debian and others put it. */
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path)
)

/** Why tests with a browser are skipped here; false where they are not. */
export const noBrowser = CHROMIUM === undefined ? 'chromium is not installed' : false

/** A browser without a window, to be closed by who opened it. */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] })
}
