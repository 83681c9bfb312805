import { explainMermaid, explainText } from '../../graph/explain.js'
import { explainDot } from '../../graph/explain-dot.js'
import type { Plan } from '../../graph/index.js'
import type { ExplainForm } from './explain-forms.js'
import { escapeHtml, renderPage, renderScrolling } from './html.js'
import { GRAPH_STYLE } from './style.js'

/** A plan in the form asked for. */
export async function explain(plan: Plan, form: ExplainForm): Promise<string> {
  switch (form) {
    case 'text':
      return explainText(plan)
    case 'mermaid':
      return explainMermaid(plan)
    case 'dot':
      return explainDot(plan)
    case 'svg':
      return drawPlan(plan)
    case 'html':
      return renderPage('Plan', await pageOf(plan))
  }
}

async function drawPlan(plan: Plan): Promise<string> {
  const { renderSvg } = await import('./render-svg.js')
  const svg = await renderSvg(explainDot(plan))
  return svg.replace('>', `>\n<style>${GRAPH_STYLE}</style>`)
}

async function pageOf(plan: Plan): Promise<string> {
  const { renderSvg } = await import('./render-svg.js')
  const steps = explainText(plan).trimEnd().split('\n')
  const list = steps.map((line) => `<li><code>${escapeHtml(line.replace(/^#\d+ /, ''))}</code></li>\n`).join('')
  return `${renderScrolling('The merged graph', await renderSvg(explainDot(plan)))}<h2>Steps</h2>\n<ol>\n${list}</ol>\n`
}
