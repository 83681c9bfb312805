import type { Config, TopLevelSpec } from 'vega-lite'

export type ChartSpec = TopLevelSpec

/**
 * Draws a chart as SVG, without a browser; its points can be reached with the keyboard. The door to `vega` and
 * `vega-lite`, which take a while to load, and as ES modules only: they wait for others themselves.
 */
export async function drawChart(spec: ChartSpec): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  const view = new View(parse(compile(spec, { config: CONFIG }).spec), { renderer: 'none' })
  try {
    const svg = await view.toSVG()
    return svg.replaceAll(' aria-roledescription="point"', ' aria-roledescription="point" tabindex="0"')
  } finally {
    view.finalize()
  }
}

/** Colours are the page's, so that they follow its scheme. */
const TEXT = 'currentColor'
const GRID = 'var(--line)'

const CONFIG: Config = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: TEXT,
    titleColor: TEXT,
    gridColor: GRID,
    domainColor: GRID,
    tickColor: GRID,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8
  },
  legend: { labelColor: TEXT, labelFontSize: 12, orient: 'top', columns: 6, columnPadding: 16 }
}
